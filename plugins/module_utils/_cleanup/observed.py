# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What AWS has, as far as the cleanup has to know it. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._model.functions import GroupUser
from .._model.networks import Interface
from .._model.security_groups import Group, Rule
from .._model.state import State


@dataclass(frozen=True)
class Observed:
    """The idle groups: those of ours that no function has attached now, though a published version may.

    ``state`` has these groups, and all rules of each group that is one of them or names one. ``versions`` use an idle
    group, ``interfaces`` too. ``functions`` are the names of all functions of the account and Region.

    Of each proxy that an idle group leads to, ``relatives`` are all client groups, idle or not, and ``of_proxies`` are
    all rules of ours. ``vpc_is_known`` is false where the VPC to look in does not exist.
    """

    state: State = field(default_factory=State)
    functions: frozenset[str] = frozenset()
    interfaces: tuple[Interface, ...] = ()
    versions: tuple[GroupUser, ...] = ()
    relatives: tuple[Group, ...] = ()
    of_proxies: tuple[Rule, ...] = ()
    vpc_is_known: bool = True
