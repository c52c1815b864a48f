# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the options mean in this account. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from ..._errors import Refusal
from ..._model.security_groups import Group, Rule
from .attachments import Attachment
from .client_groups import Client
from .target import Target


@dataclass(frozen=True)
class Resolution:
    """Decided once, from what was looked up, and carried by the plan.

    ``rules`` are those that each client group needs, by its id; ``proxy_rules`` those between a proxy and the database
    behind it. All of them are still without tags. ``groups`` are the client groups of ours that these functions no
    longer need.
    """

    refusals: tuple[Refusal, ...] = ()
    target: Optional[Target] = None
    clients: tuple[Client, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    proxy_rules: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def all_rules(self) -> list[Rule]:
        return [*(rule for rules in self.rules.values() for rule in rules), *self.proxy_rules]
