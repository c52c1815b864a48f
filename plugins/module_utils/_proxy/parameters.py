# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the task's options to what is wanted. PRIVATE to the collection.

Types, choices and defaults are Ansible's to check (``argument_spec``); here is what it cannot: forms, ranges and
contradictions. All that is wrong is reported at once, before AWS is asked anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._errors import RefusedError
from .._model.names import CLUSTER, INSTANCE, DatabaseName
from .._model.proxies import IAM_AUTH, NO_SCHEME, Auth
from .._options.validation import Refusals, check_group_name, check_ids, check_seconds, check_tags, read_tags

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html
_NAME = re.compile(r"(?=.{1,63}$)[a-zA-Z](?:-?[a-zA-Z0-9])*")
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html#iam-resources
_SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
_MAX_SECRETS = 200
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html and API_ConnectionPoolConfiguration.html
_RANGES = {
    "idle_client_timeout": (1, 28800, "seconds"),
    "max_connections_percent": (1, 100, "percent"),
    "max_idle_connections_percent": (0, 100, "percent"),
    "connection_borrow_timeout": (0, 300, "seconds"),
}
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
_PASSWORD_TYPES = [
    "mysql_native_password",
    "mysql_caching_sha2_password",
    "postgres_scram_sha_256",
    "postgres_md5",
    "sql_server_authentication",
]


def argument_spec() -> dict[str, dict[str, Any]]:
    """The module's own options; amazon.aws adds the connection's."""
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True, "aliases": ["db_proxy_name"]},
        "db_instance_identifier": {"type": "str"},
        "db_cluster_identifier": {"type": "str"},
        "auth": {
            "type": "list",
            "elements": "dict",
            "options": {
                # Names of secrets and of methods, no secrets.
                "secret_arn": {"type": "str", "required": True, "no_log": False},
                "iam_auth": {"type": "str", "choices": ["disabled", "required", "enabled"], "default": "disabled"},
                "client_password_auth_type": {"type": "str", "choices": _PASSWORD_TYPES, "no_log": False},
                "description": {"type": "str"},
            },
        },
        "default_auth_scheme": {"type": "str", "choices": [NO_SCHEME, IAM_AUTH]},
        "role_arn": {"type": "str"},
        "subnet_ids": {"type": "list", "elements": "str"},
        "vpc_security_group_ids": {"type": "list", "elements": "str"},
        "security_group_name": {"type": "str"},
        "require_tls": {"type": "bool"},
        "idle_client_timeout": {"type": "int"},
        "debug_logging": {"type": "bool"},
        "connection_pool": {
            "type": "dict",
            "options": {
                "max_connections_percent": {"type": "int"},
                "max_idle_connections_percent": {"type": "int"},
                "connection_borrow_timeout": {"type": "int"},
                "init_query": {"type": "str"},
                "session_pinning_filters": {"type": "list", "elements": "str", "choices": ["exclude_variable_sets"]},
            },
        },
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 1800},
        "preview_after": {"type": "list", "elements": "dict"},
    }


@dataclass(frozen=True)
class PoolOptions:
    """The suboptions of connection_pool; None: left out."""

    max_connections_percent: Optional[int] = None
    max_idle_connections_percent: Optional[int] = None
    connection_borrow_timeout: Optional[int] = None
    init_query: Optional[str] = None
    session_pinning_filters: Optional[tuple[str, ...]] = None


@dataclass(frozen=True)
class Options:
    """What the parameters ask for; None or empty: left out. ``database`` is None for absent only."""

    state: str
    name: str
    database: Optional[DatabaseName] = None
    auth: Optional[tuple[Auth, ...]] = None
    default_auth_scheme: Optional[str] = None
    role_arn: Optional[str] = None
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    security_group_name: Optional[str] = None
    require_tls: Optional[bool] = None
    idle_client_timeout: Optional[int] = None
    debug_logging: Optional[bool] = None
    pool: PoolOptions = PoolOptions()
    tags: Optional[Mapping[str, str]] = None
    purge_tags: bool = True
    wait: bool = True
    wait_timeout: int = 1800

    @property
    def present(self) -> bool:
        return self.state == "present"

    @property
    def group_name(self) -> str:
        """Of a group of ours. EC2 takes no name that begins with sg-."""
        default = f"{self.name}-proxy-sg"
        return self.security_group_name or (f"rds-{default}" if default.startswith("sg-") else default)


def parse(params: Mapping[str, Any], region: Optional[str] = None) -> Options:
    """Reads the task's options.

    :param params: the options, of the types that ``argument_spec`` gives them
    :param region: the Region that the task works in, to compare with those of secrets
    :raises RefusedError: with every contradiction and every malformed value
    """
    refusals = Refusals()
    _check_name(params, refusals)
    database = _database(params, refusals)
    check_ids(params, {"subnet_ids": "subnet-", "vpc_security_group_ids": "sg-"}, refusals)
    _check_group_name(params, refusals)
    _check_auth(params, region, refusals)
    _check_numbers(params, refusals)
    check_tags(params, refusals)
    if refusals.found:
        raise RefusedError(refusals.found)
    return Options(
        state=params["state"],
        # Identifiers of RDS are not case-sensitive.
        name=params["name"].lower(),
        database=database,
        auth=None if params["auth"] is None else tuple(map(_auth, params["auth"])),
        default_auth_scheme=params["default_auth_scheme"],
        role_arn=params["role_arn"],
        subnet_ids=tuple(sorted(set(params["subnet_ids"] or ()))),
        security_group_ids=tuple(sorted(set(params["vpc_security_group_ids"] or ()))),
        security_group_name=params["security_group_name"],
        require_tls=params["require_tls"],
        idle_client_timeout=params["idle_client_timeout"],
        debug_logging=params["debug_logging"],
        pool=_pool(params["connection_pool"] or {}),
        tags=read_tags(params["tags"]),
        purge_tags=params["purge_tags"],
        wait=params["wait"],
        wait_timeout=params["wait_timeout"],
    )


def _auth(auth: Mapping[str, Any]) -> Auth:
    return Auth(auth["secret_arn"], auth["iam_auth"], auth["client_password_auth_type"], auth["description"])


def _pool(given: Mapping[str, Any]) -> PoolOptions:
    filters = given.get("session_pinning_filters")
    return PoolOptions(
        given.get("max_connections_percent"),
        given.get("max_idle_connections_percent"),
        given.get("connection_borrow_timeout"),
        given.get("init_query"),
        None if filters is None else tuple(sorted(set(filters))),
    )


def _check_name(params: Mapping[str, Any], refusals: Refusals) -> None:
    name = params["name"]
    if not _NAME.fullmatch(name):
        refusals.add(
            "name",
            name or "empty",
            "is not a proxy's name: 1 to 63 letters, digits and single hyphens, first a letter, last no hyphen.",
            "Choose another name.",
        )


def _database(params: Mapping[str, Any], refusals: Refusals) -> Optional[DatabaseName]:
    options = {"db_instance_identifier": INSTANCE, "db_cluster_identifier": CLUSTER}
    named = {option: kind for option, kind in options.items() if params[option] is not None}
    if len(named) > 1:
        refusals.add(", ".join(named), "together", "name more than one database.", "Keep one of them.")
    elif not named:
        if params["state"] == "present":
            reason = "a proxy has to have a database."
            refusals.add(", ".join(options), "missing", reason, "Give one of the two.")
    else:
        ((option, kind),) = named.items()
        if params[option].strip():
            return DatabaseName(kind, params[option].strip().lower())
        refusals.add(option, "empty", "names no database.", "Give its identifier.")
    return None


def _check_group_name(params: Mapping[str, Any], refusals: Refusals) -> None:
    name = params["security_group_name"]
    check_group_name(name, "Choose another name, or name existing groups by vpc_security_group_ids.", refusals)
    if name is not None and params["vpc_security_group_ids"]:
        refusals.add(
            "security_group_name",
            name,
            "is for a group that this module makes, but vpc_security_group_ids names groups that exist.",
            "Leave out one of the two.",
        )


def _check_auth(params: Mapping[str, Any], region: Optional[str], refusals: Refusals) -> None:
    arns = [auth["secret_arn"] or "" for auth in params["auth"] or ()]
    for index, arn in enumerate(arns):
        if not _SECRET.fullmatch(arn):
            refusals.add(
                f"auth[{index}].secret_arn",
                arn or "empty",
                "is not the ARN of a secret of Secrets Manager.",
                "Give one such as arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-a1b2c3, never the secret itself.",
            )
        elif arn in arns[:index]:
            refusals.add(f"auth[{index}].secret_arn", arn, "is there twice.", "Name each secret once.")
        elif region is not None and arn.split(":")[3] != region:
            reason = f"is of {arn.split(':')[3]}, but the proxy is in {region} and reads secrets of that Region only."
            remedy = f"Name a secret of {region}, for example a replica of this one, or set region."
            refusals.add(f"auth[{index}].secret_arn", arn, reason, remedy)
    if len(arns) > _MAX_SECRETS:
        reason = f"a proxy has at most {_MAX_SECRETS} secrets."
        refusals.add("auth", len(arns), reason, "Use several proxies, or iam_auth as default_auth_scheme.")
    for index, auth in enumerate(params["auth"] or ()):
        words = auth["description"]
        if words is not None and not 1 <= len(words) <= 1000:
            reason = "has to have 1 to 1000 characters."
            refusals.add(
                f"auth[{index}].description", f"{len(words)} characters", reason, "Shorten it, or leave it out."
            )
    if params["auth"] == [] and params["default_auth_scheme"] == NO_SCHEME:
        reason = "a proxy has to authenticate by secrets, or end to end by IAM."
        refusals.add("auth", "[]", reason, "Give at least one secret, or set default_auth_scheme to iam_auth.")
    role = params["role_arn"]
    if role is not None and not _ROLE.fullmatch(role):
        reason = "is not the ARN of an IAM role."
        refusals.add("role_arn", role or "empty", reason, "Give one such as arn:aws:iam::ACCOUNT:role/NAME.")


def _check_numbers(params: Mapping[str, Any], refusals: Refusals) -> None:
    pool = params["connection_pool"] or {}
    for option, (lowest, highest, unit) in _RANGES.items():
        value = params["idle_client_timeout"] if option == "idle_client_timeout" else pool.get(option)
        if value is not None and not lowest <= value <= highest:
            name = option if option == "idle_client_timeout" else f"connection_pool.{option}"
            reason = f"is not within {lowest} to {highest} {unit}."
            refusals.add(name, value, reason, "Give a number in that range, or leave it out.")
    most, idle = pool.get("max_connections_percent"), pool.get("max_idle_connections_percent")
    if most is not None and idle is not None and idle > most:
        reason = f"is more than max_connections_percent ({most})."
        refusals.add("connection_pool.max_idle_connections_percent", idle, reason, "Give at most that number.")
    check_seconds(params, ("wait_timeout",), refusals)
