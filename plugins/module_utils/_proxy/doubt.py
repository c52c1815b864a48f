# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a write of a proxy took effect whose answer was lost: the state that is observed next tells.
PRIVATE to the collection."""

from __future__ import annotations

from typing import Union

from .._connection.doubt import group_is_done
from .changes import (
    Change,
    CreateProxy,
    DeleteProxy,
    DeregisterTarget,
    ModifyPool,
    ModifyProxy,
    RegisterTarget,
    TagProxy,
    UntagProxy,
    settings_of,
)
from .state import DELETING, Proxy, ProxyState

_Lasting = Union[CreateProxy, ModifyProxy, ModifyPool, RegisterTarget, DeregisterTarget, TagProxy, UntagProxy]


def is_done(change: Change, state: ProxyState) -> bool:
    """Whether a state is as the change would have made it."""
    proxy = state.proxy
    if isinstance(change, DeleteProxy):
        return proxy is None or proxy.status == DELETING
    if isinstance(
        change, (CreateProxy, ModifyProxy, ModifyPool, RegisterTarget, DeregisterTarget, TagProxy, UntagProxy)
    ):
        return proxy is not None and _is_so(change, proxy)
    return group_is_done(change, state)


def _is_so(change: _Lasting, proxy: Proxy) -> bool:
    if isinstance(change, CreateProxy):
        return proxy.ours
    if isinstance(change, ModifyProxy):
        now = settings_of(proxy)
        return all(now[name] == value for name, value in change.settings.items())
    if isinstance(change, ModifyPool):
        return proxy.pool == change.after
    if isinstance(change, (TagProxy, UntagProxy)):
        return _is_tagged(change, proxy)
    return (change.database in proxy.registered) is isinstance(change, RegisterTarget)


def _is_tagged(change: Union[TagProxy, UntagProxy], proxy: Proxy) -> bool:
    if isinstance(change, TagProxy):
        return change.tags.items() <= proxy.tags.items()
    return not any(key in proxy.tags for key in change.keys)
