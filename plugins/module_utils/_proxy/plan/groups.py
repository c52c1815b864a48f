# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The security group that we create for a proxy, and its tags. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._changes.changes import new_id
from ..._changes.tags import missing_tags, unwanted_tags
from ..._errors import Refusal
from ..._model.ownership import TAG_PROXY
from ..._model.security_groups import Group
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution
from .plan import ProxyPlanBuilder


def new_group(want: Options, vpc_id: str) -> Group:
    description = f"RDS Proxy {want.name} to its database (cloudops.lambda_rds)"
    return Group(new_id(want.group_name), want.group_name, vpc_id, description=description, tags=own_tags(want))


def own_tags(want: Options) -> dict[str, str]:
    """The tags of what is ours, with the user's own."""
    return {**(want.tags or {}), TAG_PROXY: want.name}


def group_refusals(want: Options, observed: Observed, resolution: Resolution, vpc_id: str) -> Iterator[Refusal]:
    known = observed.state.groups
    unknown = tuple(group for group in want.security_group_ids if group not in known)
    if unknown:
        reason = "no such security groups in this account and Region."
        yield Refusal("vpc_security_group_ids", unknown, reason, "Check the ids.")
    elsewhere = [known[group] for group in want.security_group_ids if group in known and known[group].vpc_id != vpc_id]
    if elsewhere:
        yield Refusal(
            "vpc_security_group_ids",
            tuple(f"{group.id} of {group.vpc_id}" for group in elsewhere),
            f"are not in {vpc_id}, where the database is.",
            f"Give groups of {vpc_id}, or leave it out so that one is made.",
        )
    if resolution.needs_group and want.group_name in observed.taken_names:
        yield Refusal(
            "security_group_name",
            want.group_name,
            f"{vpc_id} has a security group of that name which does not belong to this proxy.",
            "Choose another security_group_name, or use that group as it is by vpc_security_group_ids.",
        )


def tag_group(steps: ProxyPlanBuilder, want: Options, group: Group) -> None:
    """Bring the tags of a group of ours to what is asked for."""
    steps.tag(group.id, missing_tags(group.tags, own_tags(want)))
    if want.tags is not None and want.purge_tags:
        steps.untag(group.id, unwanted_tags(group.tags, want.tags))
