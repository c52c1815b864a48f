# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client groups of ours that functions leave for another one, and how long they are needed. PRIVATE to the collection.

While Lambda updates a function, the configuration of before still serves
(https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..._model.functions import LATEST
from ..._model.ownership import TAG_FUNCTION
from ..._model.security_groups import Group
from ..observed import Observed
from ..parameters import Options
from ..resolve.attachments import Attachment
from ..resolve.resolution import Resolution


def unused_groups(observed: Observed, resolution: Resolution) -> list[Group]:
    """The superseded groups that nobody needs: one that a published version or another function has attached stays."""
    moved = {(attachment.name, LATEST) for attachment in resolution.attachments}
    used = {
        group_id
        for user in observed.group_users
        if (user.function_name, user.version) not in moved
        for group_id in user.group_ids
    }
    return [group for group in resolution.groups if group.id not in used]


def leaving(group: Group, attachments: Iterable[Attachment]) -> list[Attachment]:
    """The functions that may be leaving a superseded group, or have left it."""
    return [each for each in attachments if group.tags.get(TAG_FUNCTION, each.name) == each.name]


def still_in_use(want: Options, observed: Observed, group: Group, attachments: Iterable[Attachment]) -> tuple[str, ...]:
    """The functions that may still use a superseded group after the run, as it does not wait for their updates."""
    if want.wait:
        return ()
    return tuple(
        each.name
        for each in leaving(group, attachments)
        if each.changes or observed.state.functions[each.name].updating
    )
