# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ..fake_proxies import FakeProxies


@dataclass
class Account:
    """A VPC with a database ``orders`` and its two groups, a function ``f`` outside, and another team's rule."""

    aws: FakeProxies = field(default_factory=FakeProxies)

    def __post_init__(self) -> None:
        self.vpc, self.subnets = self.aws.add_vpc()
        self.db = [self.aws.add_group(self.vpc, "db-a"), self.aws.add_group(self.vpc, "db-b")]
        self.foreign = self.aws.allow("ingress", self.db[0], "10.9.0.0/16", 5432)
        self.aws.add_instance("orders", self.vpc, self.subnets, self.db)
        self.aws.add_function("f")

    @property
    def by_ids(self) -> dict[str, object]:
        return {
            "vpc_id": self.vpc,
            "subnet_ids": self.subnets,
            "rds_security_group_ids": self.db,
            "port": 5432,
        }

    def attachment(self, function: str = "f") -> tuple[list[str], list[str]]:
        vpc = self.aws.functions[function].get("VpcConfig") or {"SubnetIds": [], "SecurityGroupIds": []}
        return vpc["SubnetIds"], vpc["SecurityGroupIds"]

    def group_named(self, name: str) -> str:
        return next(key for key, group in self.aws.groups.items() if group["GroupName"] == name)

    def lines(self, group_id: str, direction: str) -> list[str]:
        """The rules of a group: protocol, port and peer."""
        return sorted(
            f"{rule['IpProtocol']}/{rule['FromPort']} {_peer(rule)}"
            for rule in self.aws.rules.values()
            if rule["GroupId"] == group_id and rule["IsEgress"] == (direction == "egress")
        )


def _peer(rule: dict[str, object]) -> object:
    referenced = rule.get("ReferencedGroupInfo")
    if isinstance(referenced, dict):
        return referenced["GroupId"]
    return rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId")


@pytest.fixture
def account() -> Account:
    return Account()
