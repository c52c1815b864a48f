# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests may set: how long things take, how much there may be, and what shall go wrong."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass
class Settings:
    """The defaults are AWS's own, but for the seconds of updates, which would only hold tests up.

    How long proxies take AWS does not say; those are minutes, as users report them.
    """

    # Does time pass by itself? Where it does not, `advance` moves it.
    clock_flows: bool = True
    # Calls are refused once their bucket is empty (throttling.py).
    throttling: bool = True
    # Real seconds that every call takes in addition, for the way to AWS and back; concurrent calls take them at once.
    latency_seconds: float = 0.0
    # For so long after a write, reads may show what was before (stale_reads.py).
    stale_seconds: float = 0.0
    # Items a page, of EC2's, RDS's and Lambda's lists (pages.py, function_lists_are_short.py, tagged_resources.py).
    page_size: int = 1000

    # Actions that nobody may do, such as "ec2:DescribeNetworkAcls" (access_denied.py).
    denied_actions: list[str] = dataclasses.field(default_factory=list)
    # Actions that the organization's policies deny to roles (role_simulation.py); without any there is no organization.
    organization_denies: list[str] = dataclasses.field(default_factory=list)

    # Quotas: L-0EA8095F; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    rules_per_group: int = 60
    interfaces_per_vpc: int = 500
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
    proxies_per_region: int = 20
    endpoints_per_proxy: int = 20

    # An update of a function's configuration is InProgress for so long.
    update_seconds: float = 0.2
    # A function that is created in a VPC is Pending for so long.
    create_seconds: float = 0.0
    # Lambda's network interfaces outlive their last user
    # (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
    interface_release_seconds: float = 1200.0
    # Function name: the reason code with which its updates fail.
    failing_updates: dict[str, str] = dataclasses.field(default_factory=dict)
    # Function name: the error that its updates answer, such as "ServiceException" (refused_updates.py).
    refused_updates: dict[str, str] = dataclasses.field(default_factory=dict)
    # Functions that nobody has invoked for weeks: State Inactive, their network interfaces reclaimed.
    inactive_functions: list[str] = dataclasses.field(default_factory=list)
    # Function name: the reason code why it could not be set up.
    failed_functions: dict[str, str] = dataclasses.field(default_factory=dict)
    # Function name: a State that none gets here by itself, such as Deleting.
    function_states: dict[str, str] = dataclasses.field(default_factory=dict)
    # Function name: the ARN of the capacity provider that it runs on, instead of a VPC of its own.
    capacity_providers: dict[str, str] = dataclasses.field(default_factory=dict)
    # Instance or cluster: the status that it has instead of its own, until it is deleting.
    database_states: dict[str, str] = dataclasses.field(default_factory=dict)
    # A database is creating for so long, without an Endpoint.
    database_create_seconds: float = 0.0
    # A database's group is adding or removing for so long.
    database_group_seconds: float = 0.0
    # A proxy, and each further endpoint of it, is creating, modifying and deleting for so long each.
    proxy_create_seconds: float = 240.0
    proxy_modify_seconds: float = 60.0
    proxy_delete_seconds: float = 120.0
    # What a proxy connects to is REGISTERING for so long, and then waits for the proxy's capacity.
    proxy_register_seconds: float = 10.0
    proxy_capacity_seconds: float = 120.0
    # So long it takes until a target's health shows a change of rules, secrets, roles or databases.
    proxy_health_seconds: float = 15.0
    # A proxy's network interfaces outlive it.
    proxy_interface_release_seconds: float = 300.0
    # Proxy name: the status that it has instead of its own, until it is deleting.
    proxy_states: dict[str, str] = dataclasses.field(default_factory=dict)
    # Proxy name: the reason why nothing that it connects to is available. Or an instance's, and why that is not.
    failing_proxy_targets: dict[str, str] = dataclasses.field(default_factory=dict)

    def update(self, values: dict[str, Any]) -> None:
        known = {field.name for field in dataclasses.fields(self)}
        if unknown := values.keys() - known:
            raise ValueError(f"no such settings: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        for name, value in values.items():
            setattr(self, name, value)

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


SETTINGS = Settings()
