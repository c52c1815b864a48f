# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether another run at the same time can have changed what a plan counted on. PRIVATE to the collection.

AWS changes one resource at a time and has no transaction. So every run first writes and then looks again where others
share what it wrote: of two runs that meet, one at least sees the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._errors import ConflictError
from .changes import AuthorizeRules, Change, DeleteGroup, RevokeRules, UpdateVpcConfig
from .names import PROXY
from .parameters import DATABASE, EXISTING, FUNCTION, Want
from .second_hop import is_hop
from .state import BEHIND, TAG_SCOPE
from .steps import Plan


def is_final(want: Want, plan: Plan, written: Iterable[Change], looks: Iterator[float]) -> bool:
    """Whether the plan that was applied needs no further look.

    :raises ConflictError: others keep changing what is shared
    """
    updated = any(isinstance(change, UpdateVpcConfig) for change in plan.changes)
    if want.present:
        # A run that takes back the last use removes what functions share.
        doubtful = updated and (want.scope != FUNCTION or want.database.kind == PROXY)
    else:
        doubtful = (updated and _is_left_to_others(want, plan)) or _may_have_cut_off(want, plan, written)
    if not doubtful:
        return True
    if next(looks, None) is None:
        raise ConflictError("keep the functions attached", "Conflict", "Others keep changing them.")
    return False


def _is_left_to_others(want: Want, plan: Plan) -> bool:
    """Whether what functions share stays for other functions: their runs may be leaving it to us."""
    pending = {item.group.id for item in plan.pending}
    groups = [group for group in plan.after.groups.values() if group.id not in pending]
    return any(group.owned_by(want.database.key) and group.tags[TAG_SCOPE] == DATABASE for group in groups) or any(
        rule.owned_by(want.database.key) and rule.tags.get(TAG_SCOPE) in (EXISTING, BEHIND) for rule in plan.after.rules
    )


def _may_have_cut_off(want: Want, plan: Plan, written: Iterable[Change]) -> bool:
    """Whether rules went that a function needs which was put on the shared group since; or came back for one."""
    deleted = {change.group.id for change in written if isinstance(change, DeleteGroup)}
    groups = [group for group in plan.before.groups.values() if group.tags.get(TAG_SCOPE) == DATABASE]
    shared = {group.id for group in groups} - deleted
    changes = [change for change in plan.changes if isinstance(change, (AuthorizeRules, RevokeRules))]
    rules = [rule for change in changes for rule in change.rules]
    return any(is_hop(want, rule) or shared & {rule.group_id, rule.peer.value} for rule in rules)
