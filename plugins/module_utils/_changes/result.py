# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Changes, groups and rules as tasks return them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.security_groups import EGRESS, INGRESS, Rule
from .._model.state import State
from .changes import AnyChange


def changes_data(changes: Iterable[AnyChange]) -> list[dict[str, Any]]:
    return [{"text": change.text, **change.data} for change in changes]


def groups_data(state: State) -> dict[str, Any]:
    """Rules as lines of text, without ids: the same rule looks the same before it exists and after."""
    groups: dict[str, Any] = {}
    for group_id in sorted({*state.groups, *(rule.group_id for rule in state.rules)}):
        shown: dict[str, Any] = {
            direction: sorted(rule.text for rule in state.rules_of(group_id, direction))
            for direction in (INGRESS, EGRESS)
        }
        group = state.groups.get(group_id)
        if group is not None:
            shown.update(name=group.name, vpc_id=group.vpc_id, tags=dict(sorted(group.tags.items())))
        groups[group_id] = shown
    return groups


def shown_rule(rule: Rule, ids: Mapping[str, str]) -> dict[str, Any]:
    real = rule.with_ids(lambda group_id: ids.get(group_id, group_id))
    return {
        "direction": real.direction,
        "security_group_id": real.group_id,
        "proto": real.protocol,
        "from_port": real.from_port,
        "to_port": real.to_port,
        "peer": real.peer.value,
    }
