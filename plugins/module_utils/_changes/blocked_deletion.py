# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A client group of ours that cannot be deleted yet, who holds it and what frees it. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass

from .._model.functions import GroupUser
from .._model.networks import Interface
from .._model.security_groups import Group, Rule


@dataclass(frozen=True)
class BlockedDeletion:
    """A group of ours that cannot be deleted yet, and what holds it.

    ``reasons`` say in words what else speaks against it; ``can_wait``: the task has the option release_timeout;
    ``leaving``: what the network interfaces were for is gone, so AWS deletes them.
    """

    group: Group
    interfaces: tuple[Interface, ...] = ()
    versions: tuple[GroupUser, ...] = ()
    references: tuple[Rule, ...] = ()
    updating: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    can_wait: bool = True
    leaving: bool = False

    @property
    def held(self) -> bool:
        return bool(self.interfaces or self.versions or self.references or self.updating or self.reasons)

    @property
    def frees(self) -> str:
        """What will free the group, in words."""
        ways = [*self.reasons]
        if self.updating:
            ways.append(f"The update of {', '.join(self.updating)} ends in a minute or so; run the task again.")
        if self.versions:
            names = ", ".join(map(_version_text, self.versions))
            ways.append(f"Take the group off, or delete, the function versions that still use it: {names}.")
        if self.references:
            where = ", ".join(sorted({rule.group_id for rule in self.references}))
            ways.append(f"Remove the rules that others made for it in {where}.")
        if self.interfaces and not self.versions:
            ways.append(self._interfaces_go)
        return " ".join(ways) or "AWS shows no reason yet; run the task again in a minute."

    @property
    def _interfaces_go(self) -> str:
        if all(interface.type == "lambda" for interface in self.interfaces):
            return (
                "Lambda deletes its network interfaces by itself, usually within 20 to 40 minutes; run the task again"
                f" then{', or set release_timeout' if self.can_wait else ''}."
            )
        names = ", ".join(item.id for item in self.interfaces)
        if self.leaving:
            return f"AWS deletes the network interfaces {names} by itself; run the task again in a few minutes."
        return f"Take it off the network interfaces {names}."

    @property
    def data(self) -> dict[str, object]:
        return {
            "security_group_id": self.group.id,
            "security_group_name": self.group.name,
            "network_interface_ids": sorted(interface.id for interface in self.interfaces),
            "function_versions": [f"{version.function_name}:{version.version}" for version in self.versions],
            "aliases": sorted(f"{one.function_name}:{alias}" for one in self.versions for alias in one.aliases),
            "referenced_by": sorted({rule.group_id for rule in self.references}),
            "frees": self.frees,
        }


def _version_text(wearer: GroupUser) -> str:
    name = f"{wearer.function_name}:{wearer.version}"
    return f"{name} (alias {', '.join(wearer.aliases)})" if wearer.aliases else name
