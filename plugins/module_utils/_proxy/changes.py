# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The changes of a proxy: data, text, and what they make of a state. PRIVATE to the collection.

Those of groups and rules are the connection's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Union

from .._connection.changes import GroupChange
from .._connection.names import CLUSTER, DatabaseName
from .state import Auth, Pool, Proxy, ProxyState
from .targets import RDS_INSTANCE, TRACKED_CLUSTER, Target

# What ModifyDBProxy can change.
_SETTINGS = (
    "auth",
    "default_auth_scheme",
    "role_arn",
    "security_group_ids",
    "require_tls",
    "idle_client_timeout",
    "debug_logging",
)


@dataclass(frozen=True)
class CreateProxy:
    """Create a proxy, with its tags. It takes AWS minutes."""

    proxy: Proxy

    @property
    def text(self) -> str:
        return f"create proxy {self.proxy.name} ({self.proxy.engine_family}) in {', '.join(self.proxy.subnet_ids)}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "create_db_proxy",
            "db_proxy_name": self.proxy.name,
            "engine_family": self.proxy.engine_family,
            "subnet_ids": list(self.proxy.subnet_ids),
            **_shown(settings_of(self.proxy)),
            "tags": dict(self.proxy.tags),
        }

    def apply_to(self, state: ProxyState) -> ProxyState:
        return replace(state, proxy=self.proxy)


@dataclass(frozen=True)
class ModifyProxy:
    """Write the settings in which ``after`` differs, and no other."""

    before: Proxy
    after: Proxy

    @property
    def settings(self) -> dict[str, Any]:
        now = settings_of(self.before)
        return {name: value for name, value in settings_of(self.after).items() if value != now[name]}

    @property
    def text(self) -> str:
        return f"modify proxy {self.before.name}: {_words(self.settings)}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "modify_db_proxy", "db_proxy_name": self.before.name, **_shown(self.settings)}

    def apply_to(self, state: ProxyState) -> ProxyState:
        return _with(state, **self.settings)


@dataclass(frozen=True)
class ModifyPool:
    """Write the settings of the connection pool that differ. AWS takes the two percentages together only."""

    proxy_name: str
    before: Pool
    after: Pool

    @property
    def settings(self) -> dict[str, Any]:
        percents = ("max_connections_percent", "max_idle_connections_percent")
        now, then = _fields(self.before), _fields(self.after)
        changed = {name for name in then if then[name] != now[name]}
        return {
            name: then[name]
            for name in then
            if name in changed or (name in percents and not changed.isdisjoint(percents))
        }

    @property
    def text(self) -> str:
        return f"modify the connection pool of proxy {self.proxy_name}: {_words(self.settings)}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "modify_db_proxy_target_group",
            "db_proxy_name": self.proxy_name,
            "connection_pool": _shown(self.settings),
        }

    def apply_to(self, state: ProxyState) -> ProxyState:
        return _with(state, pool=self.after)


@dataclass(frozen=True)
class RegisterTarget:
    """Let a proxy connect to a database."""

    proxy_name: str
    database: DatabaseName

    @property
    def text(self) -> str:
        return f"register {self.database.text} with proxy {self.proxy_name}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "register_db_proxy_targets", **_target_data(self.proxy_name, self.database)}

    def apply_to(self, state: ProxyState) -> ProxyState:
        kind = TRACKED_CLUSTER if self.database.kind == CLUSTER else RDS_INSTANCE
        return _with(state, targets=(Target(kind, self.database.value),))


@dataclass(frozen=True)
class DeregisterTarget:
    """Let a proxy no longer connect to a database, which it is registered with alone."""

    proxy_name: str
    database: DatabaseName

    @property
    def text(self) -> str:
        return f"deregister {self.database.text} from proxy {self.proxy_name}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "deregister_db_proxy_targets", **_target_data(self.proxy_name, self.database)}

    def apply_to(self, state: ProxyState) -> ProxyState:
        return _with(state, targets=())


@dataclass(frozen=True)
class TagProxy:
    """Set tags on a proxy."""

    proxy: Proxy
    tags: Mapping[str, str]

    @property
    def text(self) -> str:
        words = (f"{key}={value}" for key, value in sorted(self.tags.items()))
        return f"tag proxy {self.proxy.name}: {', '.join(words)}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "add_tags_to_resource", "db_proxy_name": self.proxy.name, "tags": dict(self.tags)}

    def apply_to(self, state: ProxyState) -> ProxyState:
        return _with(state, tags={**(state.proxy.tags if state.proxy else {}), **self.tags})


@dataclass(frozen=True)
class UntagProxy:
    """Remove tags from a proxy."""

    proxy: Proxy
    keys: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"remove tags from proxy {self.proxy.name}: {', '.join(self.keys)}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "remove_tags_from_resource", "db_proxy_name": self.proxy.name, "tags": list(self.keys)}

    def apply_to(self, state: ProxyState) -> ProxyState:
        tags = state.proxy.tags if state.proxy else {}
        return _with(state, tags={key: tags[key] for key in tags if key not in self.keys})


@dataclass(frozen=True)
class DeleteProxy:
    """Delete a proxy. It takes AWS minutes."""

    proxy: Proxy

    @property
    def text(self) -> str:
        return f"delete proxy {self.proxy.name}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "delete_db_proxy", "db_proxy_name": self.proxy.name}

    def apply_to(self, state: ProxyState) -> ProxyState:
        return replace(state, proxy=None)


ProxyChange = Union[
    CreateProxy, ModifyProxy, ModifyPool, RegisterTarget, DeregisterTarget, TagProxy, UntagProxy, DeleteProxy
]
Change = Union[GroupChange, ProxyChange]


def settings_of(proxy: Proxy) -> dict[str, Any]:
    """What is given at a proxy's creation and can be changed in place."""
    return {name: getattr(proxy, name) for name in _SETTINGS}


def _with(state: ProxyState, **settings: Any) -> ProxyState:
    return state if state.proxy is None else replace(state, proxy=replace(state.proxy, **settings))


def _fields(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _shown(settings: Mapping[str, Any]) -> dict[str, object]:
    return {name: shown(value) for name, value in settings.items()}


def shown(value: Any) -> object:
    """A setting as plain data."""
    if isinstance(value, (Auth, Pool)):
        return _shown(_fields(value))
    return [shown(item) for item in value] if isinstance(value, tuple) else value


def _words(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_word(value)}" for name, value in settings.items())


def _word(value: Any) -> str:
    if isinstance(value, Auth):
        return f"{value.secret_arn} (iam_auth {value.iam_auth})"
    if isinstance(value, tuple):
        return ", ".join(map(_word, value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _target_data(proxy_name: str, database: DatabaseName) -> dict[str, object]:
    return {"db_proxy_name": proxy_name, f"db_{database.kind}_identifier": database.value}
