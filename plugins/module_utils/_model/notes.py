# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Remembers what a function had before it was connected, so that absent gives it back. PRIVATE to the collection.

Usually nothing has to be remembered: absent detaches the client group, and a function that has no other group
leaves the VPC. What cannot be seen from the state is kept in tags of our own resources, one note a function:

- on our client group, only where the attachment was replaced (another VPC, other subnets, another IPv6 setting);
- on our rules, always, where the client group is not ours (``security_group_id``): whether the function wore it before.

The note is written before the function is touched, so a run that is killed in between loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Optional

from .functions import VpcConfig
from .ownership import OWN_TAGS

_KEY = f"{OWN_TAGS}before:"
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
_MAX_VALUE = 256

ATTACHED = "worn"
ADDED = "added"


def tags_for(function: str, note: str) -> dict[str, str]:
    """The tags that hold a note, as many as its length asks for."""
    values: list[str] = [""]
    for word in note.split(" "):
        longer = f"{values[-1]} {word}".strip()
        if len(longer) > _MAX_VALUE:
            values.append(word)
        else:
            values[-1] = longer
    return {_KEY + function + (f":{index}" if index else ""): value for index, value in enumerate(values)}


def note_in(tags: Mapping[str, str], function: str) -> Optional[str]:
    """The note on a function, None where there is none."""
    values = [tags[key] for key in note_keys(tags, function)]
    return " ".join(values) if values else None


def note_keys(tags: Mapping[str, str], function: str) -> tuple[str, ...]:
    """The keys of a function's note, in order."""
    keys = [key for key in tags if key == _KEY + function or key.startswith(f"{_KEY}{function}:")]
    return tuple(sorted(keys, key=lambda key: (len(key), key)))


def all_notes(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that hold notes, of any function."""
    return {key: value for key, value in tags.items() if key.startswith(_KEY)}


def noted_functions(tags: Mapping[str, str]) -> set[str]:
    return {key[len(_KEY) :].partition(":")[0] for key in all_notes(tags)}


def serialize(vpc: VpcConfig) -> str:
    """A whole attachment as a note; the ids' prefixes are left out to save room."""
    words = [subnet.replace("subnet-", "n:", 1) for subnet in vpc.subnet_ids]
    words += [group.replace("sg-", "g:", 1) for group in vpc.security_group_ids]
    return " ".join([*words, "ipv6"] if vpc.ipv6_allowed_for_dual_stack else words)


def saved_attachment(note: Optional[str]) -> Optional[VpcConfig]:
    """The attachment that a note holds; None where it says only that the client group was attached or added."""
    words = note.split(" ") if note else []
    subnets = tuple("subnet-" + word[2:] for word in words if word.startswith("n:"))
    groups = tuple("sg-" + word[2:] for word in words if word.startswith("g:"))
    return VpcConfig(subnets, groups, "ipv6" in words) if subnets else None


def without(groups: Iterable[str], off: Iterable[str]) -> tuple[str, ...]:
    gone = set(off)
    return tuple(group for group in groups if group not in gone)


def detached(now: VpcConfig, off: Iterable[str]) -> VpcConfig:
    """The attachment without these groups; no attachment at all if no group is left."""
    left = without(now.security_group_ids, off)
    if left == now.security_group_ids:
        return now
    return VpcConfig(now.subnet_ids, left, now.ipv6_allowed_for_dual_stack) if left else VpcConfig()


def restored(now: VpcConfig, off: Iterable[str], saved: VpcConfig, *, same_vpc: bool) -> VpcConfig:
    """The saved attachment. In the same VPC, groups that others put on the function since then stay."""
    left = without(now.security_group_ids, without(off, saved.security_group_ids))
    groups = left if same_vpc and left else saved.security_group_ids
    return VpcConfig(saved.subnet_ids, groups, saved.ipv6_allowed_for_dual_stack)
