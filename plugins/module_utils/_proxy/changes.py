# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The changes of a proxy: data, text, and what they make of a state. PRIVATE to the collection.

Those of groups and rules are the connection's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from .._changes.changes import Change, Outcome
from .._changes.session import Session
from .._model.names import CLUSTER, DatabaseName
from .._model.proxies import DELETING, Auth, Pool, Proxy, pool_to, settings_to
from .._model.proxy_targets import RDS_INSTANCE, TRACKED_CLUSTER, Target
from .observed import ProxyState

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
class CreateProxy(Change):
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

    def write(self, session: Session) -> Outcome:
        proxy = self.proxy
        sent = settings_to(_real_groups(session, settings_of(proxy)), "VpcSecurityGroupIds")
        if sent["DefaultAuthScheme"] == "NONE":
            # AWS's default, which older versions of boto3 do not know by name.
            del sent["DefaultAuthScheme"]
        session.aws.create_proxy(proxy.name, proxy.engine_family, proxy.subnet_ids, sent, proxy.tags)
        session.waits.appearing(proxy.name)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and state.proxy.ours


@dataclass(frozen=True)
class ModifyProxy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.modify_proxy(self.before.name, settings_to(_real_groups(session, self.settings), "SecurityGroups"))
        session.waits.appearing(self.before.name)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        now = settings_of(state.proxy) if state.proxy else None
        return now is not None and all(now[name] == value for name, value in self.settings.items())


@dataclass(frozen=True)
class ModifyPool(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.modify_proxy_pool(self.proxy_name, pool_to(self.settings))
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and state.proxy.pool == self.after


@dataclass(frozen=True)
class RegisterTarget(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.register_proxy_target(self.proxy_name, self.database.kind, self.database.value)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and self.database in state.proxy.registered


@dataclass(frozen=True)
class DeregisterTarget(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.deregister_proxy_target(self.proxy_name, self.database.kind, self.database.value)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and self.database not in state.proxy.registered


@dataclass(frozen=True)
class TagProxy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.tag_proxy(self.proxy.arn or "", self.tags)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and self.tags.items() <= state.proxy.tags.items()


@dataclass(frozen=True)
class UntagProxy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.untag_proxy(self.proxy.arn or "", self.keys)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is not None and not any(key in state.proxy.tags for key in self.keys)


@dataclass(frozen=True)
class DeleteProxy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.delete_proxy(self.proxy.name)
        session.waits.leaving(self.proxy.name)
        return Outcome.DONE

    def is_in_effect(self, state: ProxyState) -> bool:
        return state.proxy is None or state.proxy.status == DELETING


def settings_of(proxy: Proxy) -> dict[str, Any]:
    """What is given at a proxy's creation and can be changed in place."""
    return {name: getattr(proxy, name) for name in _SETTINGS}


def _real_groups(session: Session, settings: Mapping[str, Any]) -> dict[str, Any]:
    groups = settings.get("security_group_ids")
    return {**settings, "security_group_ids": list(map(session.id, groups))} if groups is not None else dict(settings)


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
