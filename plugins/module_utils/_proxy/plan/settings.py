# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an existing proxy, or a new one, has to become. PRIVATE to the collection.

Options that were left out stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Optional

from ..._errors import Refusal
from ..._model.engine_families import MYSQL, POSTGRESQL, SQLSERVER
from ..._model.proxies import NO_SCHEME, Auth, Pool, Proxy
from ..parameters import Options

_PASSWORD_TYPES = {MYSQL: "mysql_", POSTGRESQL: "postgres_", SQLSERVER: "sql_server_"}


def wanted_proxy(want: Options, base: Proxy, group_ids: tuple[str, ...]) -> Proxy:
    """The proxy with what the task asks for."""
    given: dict[str, Any] = {
        "default_auth_scheme": want.default_auth_scheme,
        "role_arn": want.role_arn,
        "require_tls": want.require_tls,
        "idle_client_timeout": want.idle_client_timeout,
        "debug_logging": want.debug_logging,
    }
    given = {name: value for name, value in given.items() if value is not None}
    auth = base.auth if want.auth is None else _wanted_auth(want.auth, base.auth)
    return replace(base, **given, auth=auth, security_group_ids=group_ids, pool=_wanted_pool(want, base.pool))


def _wanted_auth(wanted: tuple[Auth, ...], there: tuple[Auth, ...]) -> tuple[Auth, ...]:
    """What is left out of an entry stays as it is for that secret; the order does not matter."""
    known = {auth.secret_arn: auth for auth in there}
    complete = tuple(_complete(auth, known.get(auth.secret_arn)) for auth in wanted)
    return there if set(complete) == set(there) else complete


def _complete(auth: Auth, there: Optional[Auth]) -> Auth:
    if there is None:
        return auth
    password_type = auth.client_password_auth_type or there.client_password_auth_type
    description = there.description if auth.description is None else auth.description
    return replace(auth, client_password_auth_type=password_type, description=description)


def _wanted_pool(want: Options, base: Pool) -> Pool:
    """The idle connections follow where the most are fewer, by half as AWS does
    (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html)."""
    options = want.pool
    most, idle = options.max_connections_percent, options.max_idle_connections_percent
    most = base.max_connections_percent if most is None else most
    if idle is None:
        idle = base.max_idle_connections_percent
        idle = idle if idle <= most else most // 2
    timeout, query = options.connection_borrow_timeout, options.init_query
    filters = options.session_pinning_filters
    return Pool(
        most,
        idle,
        base.connection_borrow_timeout if timeout is None else timeout,
        base.init_query if query is None else query,
        base.session_pinning_filters if filters is None else filters,
    )


def setting_refusals(want: Options, base: Proxy, wanted: Proxy) -> Iterator[Refusal]:
    """What does not go together, or not with the engine family."""
    yield from _auth_refusals(want, wanted)
    pool = wanted.pool
    if pool.max_idle_connections_percent > pool.max_connections_percent:
        yield Refusal(
            "connection_pool.max_idle_connections_percent",
            pool.max_idle_connections_percent,
            f"is more than the proxy's max_connections_percent ({pool.max_connections_percent}).",
            "Give max_connections_percent as well, or a smaller number.",
        )
    if want.pool.session_pinning_filters and base.engine_family != MYSQL:
        yield Refusal(
            "connection_pool.session_pinning_filters",
            want.pool.session_pinning_filters,
            f"only proxies of engine family MYSQL have them, and this one is of {base.engine_family}.",
            "Leave it out.",
        )


def _auth_refusals(want: Options, wanted: Proxy) -> Iterator[Refusal]:
    """The last secret goes only where the proxy authenticates by IAM end to end.

    ModifyDBProxy takes an empty Auth (its model in botocore: "The new authentication settings", 0 to 200 of them).
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html does not say that it clears them:
    were it ignored, the secrets would stay, unused by the scheme, and the next run would show the same change again.
    """
    family = wanted.engine_family
    if wanted.default_auth_scheme == NO_SCHEME and not wanted.auth:
        yield Refusal(
            "auth, default_auth_scheme",
            "neither",
            "a proxy has to authenticate by secrets, or end to end by IAM.",
            "Give auth with at least one secret_arn, or set default_auth_scheme to iam_auth.",
        )
    for index, auth in enumerate(want.auth or ()):
        password_type = auth.client_password_auth_type
        if password_type is not None and not password_type.startswith(_PASSWORD_TYPES[family]):
            reason = f"is not one of engine family {family}."
            remedy = f"Give one that begins with {_PASSWORD_TYPES[family]}, or leave it out."
            yield Refusal(f"auth[{index}].client_password_auth_type", password_type, reason, remedy)
        if auth.iam_auth == "enabled" and family != SQLSERVER:
            reason = f"is for engine family SQLSERVER only, and this proxy is of {family}."
            yield Refusal(f"auth[{index}].iam_auth", auth.iam_auth, reason, "Set it to disabled or required.")
