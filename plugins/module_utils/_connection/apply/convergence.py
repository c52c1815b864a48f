# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether to observe again because a concurrent run may share these resources. PRIVATE to the collection.

AWS has no transactions. So every run first writes and then observes again where others share what it wrote: of two
concurrent runs at least one sees the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..._changes.changes import Change, DeleteGroup, authorized_rules, of_kind, revoked_rules
from ..._changes.plan import Plan
from ..._errors import ConflictError
from ..._model.names import PROXY
from ..._model.ownership import BEHIND, DATABASE, EXISTING, FUNCTION, TAG_SCOPE
from ..function_changes import updated_functions
from ..parameters import Options
from ..resolve.proxy_hop import is_hop


def needs_another_pass(want: Options, plan: Plan, written: Iterable[Change], passes: Iterator[float]) -> bool:
    """Whether to observe again because a concurrent run may share the resources that were written.

    :raises ConflictError: others keep changing what is shared
    """
    updated = bool(updated_functions(plan.changes))
    if want.present:
        # A run that disconnects the last function removes what functions share.
        unsettled = updated and (want.scope != FUNCTION or want.database.kind == PROXY)
    else:
        unsettled = (updated and _is_left_to_others(want, plan)) or _may_have_cut_off(want, plan, written)
    if not unsettled:
        return False
    if next(passes, None) is None:
        raise ConflictError("keep the functions attached", "Conflict", "Others keep changing them.")
    return True


def _is_left_to_others(want: Options, plan: Plan) -> bool:
    """Whether what functions share stays for other functions: their runs may be leaving it to us."""
    pending = {item.group.id for item in plan.blocked}
    groups = [group for group in plan.after.groups.values() if group.id not in pending]
    return any(group.owned_by(want.database.key) and group.tags[TAG_SCOPE] == DATABASE for group in groups) or any(
        rule.owned_by(want.database.key) and rule.tags.get(TAG_SCOPE) in (EXISTING, BEHIND) for rule in plan.after.rules
    )


def _may_have_cut_off(want: Options, plan: Plan, written: Iterable[Change]) -> bool:
    """Whether rules went that a function needs which was put on the shared group since; or came back for one."""
    deleted = {change.group.id for change in of_kind(written, DeleteGroup)}
    groups = [group for group in plan.before.groups.values() if group.tags.get(TAG_SCOPE) == DATABASE]
    shared = {group.id for group in groups} - deleted
    rules = (*authorized_rules(plan.changes), *revoked_rules(plan.changes))
    return any(is_hop(want, rule) or shared & {rule.group_id, rule.peer.value} for rule in rules)
