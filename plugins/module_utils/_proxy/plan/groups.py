# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which security groups a proxy wears, and which of them are ours. PRIVATE to the collection.

A group of ours is found by its tag.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._changes.changes import new_id
from ..._changes.tags import missing_tags, unwanted_tags
from ..._errors import Refusal
from ..._model.ownership import TAG_PROXY
from ..._model.security_groups import Group, is_ours
from ..observed import Observed
from ..parameters import Options
from .plan import ProxyPlanBuilder


def own_groups(want: Options, seen: Observed) -> list[Group]:
    groups = sorted(seen.state.groups.values(), key=lambda group: group.id)
    return [group for group in groups if is_ours(group, want.name)]


def groups_after(want: Options, seen: Observed) -> tuple[str, ...]:
    """The groups that the proxy is to wear, perhaps the stand-in for one that is to be made."""
    proxy = seen.state.proxy
    if want.security_group_ids:
        return want.security_group_ids
    if proxy is not None:
        return proxy.security_group_ids
    usable = [group.id for group in own_groups(want, seen) if seen.database and group.vpc_id == seen.database.vpc_id]
    return (usable[0],) if usable else (new_id(want.group_name),)


def leaving_groups(want: Options, seen: Observed) -> list[Group]:
    """The groups of ours that the proxy no longer needs."""
    needed = groups_after(want, seen) if want.present else ()
    return [group for group in own_groups(want, seen) if group.id not in needed]


def new_group(want: Options, vpc_id: str) -> Group:
    description = f"RDS Proxy {want.name} to its database (cloudops.lambda_rds)"
    return Group(new_id(want.group_name), want.group_name, vpc_id, description=description, tags=own_tags(want))


def own_tags(want: Options) -> dict[str, str]:
    """The tags of what is ours, with the user's own."""
    return {**(want.tags or {}), TAG_PROXY: want.name}


def group_refusals(want: Options, seen: Observed, vpc_id: str) -> Iterator[Refusal]:
    known = seen.state.groups
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
    if new_id(want.group_name) in groups_after(want, seen) and want.group_name in seen.taken_names:
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
