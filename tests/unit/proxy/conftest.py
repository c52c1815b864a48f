# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from ..fake_aws import OWNER
from ..fake_proxies import ZONES, FakeProxies

SECRET = f"arn:aws:secretsmanager:eu-central-1:{OWNER}:secret:orders-a1b2c3"
ROLE = f"arn:aws:iam::{OWNER}:role/proxy"
NEW: dict[str, Any] = {"auth": [{"secret_arn": SECRET}], "role_arn": ROLE}


@dataclass
class Account:
    """A VPC with subnets in three zones, a PostgreSQL instance ``orders`` on port 6432 with two groups, and another
    team's rule on one of them."""

    aws: FakeProxies = field(default_factory=FakeProxies)

    def __post_init__(self) -> None:
        self.vpc, _none = self.aws.add_vpc(subnets=0)
        self.subnets = [self.aws.add_subnet(self.vpc, zone) for zone in ZONES]
        self.db = [self.aws.add_group(self.vpc, "db-a"), self.aws.add_group(self.vpc, "db-b")]
        self.foreign = self.aws.allow("ingress", self.db[0], "10.9.0.0/16", 6432)
        self.add_instance("orders", "postgres", 6432)

    def add_instance(self, name: str, engine: str, port: int, **more: Any) -> None:
        self.aws.add_instance(name, self.vpc, self.subnets, self.db)
        self.aws.instances[name].update(
            Engine=engine,
            DBInstanceClass="db.r6g.large",
            DBInstanceArn=f"arn:aws:rds:eu-central-1:{OWNER}:db:{name}",
            **more,
        )
        self.aws.instances[name]["Endpoint"]["Port"] = port

    def add_cluster(self, name: str, engine: str, *members: str, **more: Any) -> None:
        self.aws.add_cluster(name, self.vpc, self.subnets, self.db)
        listed = [{"DBInstanceIdentifier": member, "IsClusterWriter": member == members[0]} for member in members]
        self.aws.clusters[name].update(Engine=engine, DBClusterMembers=listed, **more)
        for member in members:
            self.add_instance(member, engine, 3306, DBClusterIdentifier=name)

    def group_named(self, name: str) -> str:
        return next(key for key, group in self.aws.groups.items() if group["GroupName"] == name)


@pytest.fixture
def account() -> Account:
    return Account()
