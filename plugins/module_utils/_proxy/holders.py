# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Takes groups of ours out of use, and says what still holds them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .._connection.changes import DeleteGroup
from .._connection.pending import Pending
from .._connection.state import Group, Interface
from .changes import ModifyProxy
from .parameters import Want
from .state import Seen
from .steps import ProxySteps


def retire(steps: ProxySteps, want: Want, seen: Seen, groups: Iterable[Group]) -> list[Pending]:
    """Delete the groups, or say what holds them. Interfaces of a proxy go by themselves when it does not need them."""
    unused = steps.state.proxy is None or any(isinstance(change, ModifyProxy) for change in steps.changes)
    pending = []
    for group in groups:
        interfaces = [interface for interface in seen.interfaces if group.id in interface.group_ids]
        staying = tuple(item for item in interfaces if not (want.wait and unused and _is_of(item, want.name)))
        references = tuple(rule for rule in seen.references if rule.peer.value == group.id)
        found = as_pending(want.name, Pending(group, staying, references=references))
        if found.held:
            pending.append(found)
        else:
            steps.add(DeleteGroup(group, release=bool(interfaces)))
    return pending


def as_pending(proxy_name: str, pending: Pending) -> Pending:
    """In words for a proxy."""
    leaving = bool(pending.interfaces) and all(_is_of(item, proxy_name) for item in pending.interfaces)
    return replace(pending, can_wait=False, leaving=leaving)


def _is_of(interface: Interface, proxy_name: str) -> bool:
    return interface.description.lower() == f"network interface for dbproxy {proxy_name}"
