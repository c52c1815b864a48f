# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Takes groups of ours out of use, and says what still holds them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..._changes.blocked_deletion import BlockedDeletion
from ..._changes.changes import DeleteGroup, of_kind
from ..._model.networks import Interface
from ..._model.security_groups import Group
from ..changes import ModifyProxy
from ..observed import Observed
from ..parameters import Options
from .plan import ProxyPlanBuilder


def remove_groups(
    steps: ProxyPlanBuilder, want: Options, observed: Observed, groups: Iterable[Group]
) -> list[BlockedDeletion]:
    """Delete the groups, or say what holds them. Interfaces of a proxy go by themselves when it does not need them."""
    unused = steps.state.proxy is None or bool(of_kind(steps.changes, ModifyProxy))
    pending = []
    for group in groups:
        interfaces = [interface for interface in observed.interfaces if group.id in interface.group_ids]
        staying = tuple(item for item in interfaces if not (want.wait and unused and _is_of(item, want.name)))
        references = tuple(rule for rule in observed.references if rule.peer.value == group.id)
        found = as_pending(want.name, BlockedDeletion(group, staying, references=references))
        if found.held:
            pending.append(found)
        else:
            steps.add(DeleteGroup(group, release=bool(interfaces)))
    return pending


def as_pending(proxy_name: str, pending: BlockedDeletion) -> BlockedDeletion:
    """In words for a proxy."""
    leaving = bool(pending.interfaces) and all(_is_of(item, proxy_name) for item in pending.interfaces)
    return replace(pending, can_wait=False, leaving=leaving)


def _is_of(interface: Interface, proxy_name: str) -> bool:
    return interface.description.lower() == f"network interface for dbproxy {proxy_name}"
