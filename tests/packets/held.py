# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the emulator holds, read back from it: the ends of a path and all that is between them.

Kept in AWS's words; nothing of plugins/ is used here nor by who compiles it, so that a mistake is not made twice.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


@dataclass(frozen=True)
class Subnet:
    id: str
    vpc_id: str
    network: ipaddress.IPv4Network


@dataclass(frozen=True)
class End:
    """A function or a database: the subnets that it can be in, and its security groups as AWS describes them."""

    subnets: tuple[Subnet, ...]
    groups: tuple[dict[str, Any], ...]

    @property
    def group_ids(self) -> set[str]:
        return {group["GroupId"] for group in self.groups}


@dataclass(frozen=True)
class Held:
    """All of the account that is between a function and a database."""

    function: End
    database: End
    port: int
    acls: tuple[dict[str, Any], ...]
    tables: tuple[dict[str, Any], ...]
    peerings: tuple[dict[str, Any], ...]
    prefix_lists: dict[str, tuple[str, ...]]

    @property
    def subnets(self) -> tuple[Subnet, ...]:
        """Of both ends, each once."""
        return tuple(dict.fromkeys((*self.function.subnets, *self.database.subnets)))


class Account:
    """Everything is read once, when it is made; then any pair of a function and a database can be asked for."""

    def __init__(self, clients: Clients) -> None:
        ec2: Any = clients.ec2
        self._clients = clients
        self._subnets = {
            each["SubnetId"]: Subnet(each["SubnetId"], each["VpcId"], ipaddress.IPv4Network(each["CidrBlock"]))
            for each in ec2.describe_subnets()["Subnets"]
        }
        self._zones = {each["SubnetId"]: each["AvailabilityZone"] for each in ec2.describe_subnets()["Subnets"]}
        self._groups = {each["GroupId"]: each for each in ec2.describe_security_groups()["SecurityGroups"]}
        self._acls = tuple(ec2.describe_network_acls()["NetworkAcls"])
        self._tables = tuple(ec2.describe_route_tables()["RouteTables"])
        self._peerings = tuple(ec2.describe_vpc_peering_connections()["VpcPeeringConnections"])
        self._prefix_lists = {
            each["PrefixListId"]: _entries(ec2, each["PrefixListId"])
            for each in ec2.describe_managed_prefix_lists()["PrefixLists"]
            if each["OwnerId"] != "aws"
        }

    def between(self, function_name: str, instance: str) -> Held:
        config = self._clients.functions.get_function(FunctionName=function_name)["Configuration"].get("VpcConfig", {})
        (database,) = self._clients.rds.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"]
        return Held(
            self._end(config.get("SubnetIds", ()), config.get("SecurityGroupIds", ())),
            self._end(self._places(database), (each["VpcSecurityGroupId"] for each in database["VpcSecurityGroups"])),
            database["Endpoint"]["Port"],
            self._acls,
            self._tables,
            self._peerings,
            self._prefix_lists,
        )

    def _end(self, subnet_ids: Iterable[str], group_ids: Iterable[str]) -> End:
        return End(tuple(self._subnets[each] for each in subnet_ids), tuple(self._groups[each] for each in group_ids))

    def _places(self, database: Any) -> list[str]:
        """A Multi-AZ instance moves to another zone one day; any other stays in its own."""
        subnets = [each["SubnetIdentifier"] for each in database["DBSubnetGroup"]["Subnets"]]
        zone = database["AvailabilityZone"]
        return [each for each in subnets if database["MultiAZ"] or self._zones[each] == zone]


def _entries(ec2: Any, prefix_list_id: str) -> tuple[str, ...]:
    entries = ec2.get_managed_prefix_list_entries(PrefixListId=prefix_list_id)["Entries"]
    return tuple(entry["Cidr"] for entry in entries)
