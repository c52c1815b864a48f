# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts in which a function reaches its database, and nothing else is to be said: what broken_worlds.py breaks.

Function and database are in subnets of their own: between hosts of one subnet network ACLs do not count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import built_once
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network

PORT = 5432
EVERYWHERE = "0.0.0.0/0"
DATABASES = "10.0.2.0/23"  # the database's subnets, where they are in the function's VPC
FUNCTION: Any = {"FunctionName": "f"}


@dataclass
class World:
    """`here` is the function's VPC, `there` the database's, often the same; `rules` are ids by what they are for."""

    emulator: Emulator
    clients: Clients
    here: Network
    there: Network
    question: dict[str, Any] = field(default_factory=lambda: {"db_instance_identifier": "orders"})
    function_subnets: list[str] = field(default_factory=list)
    database_subnets: list[str] = field(default_factory=list)
    proxy_subnets: list[str] = field(default_factory=list)
    client_group: str = ""
    database_group: str = ""
    proxy_group: str = ""
    endpoint_group: str = ""
    peering: str = ""
    nat: str = ""
    rules: dict[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The function's route table."""
        return world.main_route_table(self.clients, self.here.vpc_id)

    @property
    def back_table(self) -> str:
        """The database's."""
        return world.main_route_table(self.clients, self.there.vpc_id)

    def allow(self, name: str, group: str, direction: Any, peer: str, port: int = PORT) -> None:
        self.rules[name] = world.allow(self.clients, group, direction, peer, port)

    def configure(self, **changes: Any) -> None:
        """The function, until that is done."""
        self.clients.functions.update_function_configuration(**FUNCTION, **changes)
        self.clients.functions.get_waiter("function_updated_v2").wait(**FUNCTION)

    def attach(self) -> None:
        self.configure(VpcConfig=self.vpc_config)

    @property
    def vpc_config(self) -> Any:
        return {"SubnetIds": self.function_subnets, "SecurityGroupIds": [self.client_group]}


def built(emulator: Emulator, ground: Ground) -> World:
    """A world of this ground, which the test may break."""
    made = built_once(emulator, ground)
    return replace(made, rules=dict(made.rules))


def one_vpc(emulator: Emulator, *, ipv6: bool = False, **database: Any) -> World:
    """A function in the subnets 0 and 1, a database with the subnets 2 and 3, connected by hand; and a NAT gateway.

    The database is in subnet 3, which is the only one in the first zone.
    """
    made = _with_networks(emulator, ipv6=ipv6)
    _make_database(made, **database)
    _connect(made)
    return made


def by_module(emulator: Emulator) -> World:
    """The same before the module connects the function."""
    made = _with_networks(emulator)
    _make_database(made)
    made.client_group = world.make_group(made.clients, made.here.vpc_id, "not worn")
    world.make_function(made.clients, "f", Timeout=30)
    return made


def multi_az(emulator: Emulator) -> World:
    """The database may be in either of its subnets."""
    return one_vpc(emulator, MultiAZ=True)


def dual_stack(emulator: Emulator) -> World:
    """Both ends have IPv6 addresses too."""
    made = one_vpc(emulator, ipv6=True, NetworkType="DUAL")
    made.configure(VpcConfig={**made.vpc_config, "Ipv6AllowedForDualStack": True})
    return made


def with_endpoint(emulator: Emulator) -> World:
    """An endpoint for Secrets Manager admits the function."""
    made = one_vpc(emulator)
    made.endpoint_group = world.make_group(made.clients, made.here.vpc_id, "endpoint")
    made.allow("to endpoint", made.endpoint_group, "ingress", made.client_group, 443)
    where = (made.here.vpc_id, "secretsmanager", made.function_subnets, [made.endpoint_group])
    world.make_interface_endpoint(made.clients, *where)
    return made


def peered(emulator: Emulator, **database: Any) -> World:
    """The database is in another VPC, which has no way to the internet."""
    made = _with_networks(emulator, apart=True)
    if database.get("PubliclyAccessible"):
        world.make_internet_gateway(made.clients, made.there.vpc_id)
    made.peering = world.peer(made.clients, made.here.vpc_id, made.there.vpc_id)
    resolve_names(made, resolved=True)
    world.add_route(made.clients, made.table, "10.1.0.0/16", made.peering)
    world.add_route(made.clients, made.back_table, "10.0.0.0/16", made.peering)
    _make_database(made, **database)
    _connect(made)
    return made


def peered_public(emulator: Emulator) -> World:
    """That database has a public address too."""
    return peered(emulator, PubliclyAccessible=True)


def resolve_names(made: World, *, resolved: bool) -> None:
    """Of the database's VPC to private addresses."""
    made.clients.ec2.modify_vpc_peering_connection_options(
        VpcPeeringConnectionId=made.peering,
        AccepterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": resolved},
    )


def proxied(emulator: Emulator) -> World:
    """The function calls a proxy, which has subnets of its own, and its target is available."""
    made = _with_networks(emulator, subnets=6)
    database = _make_database(made)
    made.proxy_group = world.make_group(made.clients, made.here.vpc_id, "proxy")
    strip(made, made.proxy_group)
    made.allow("proxy egress", made.proxy_group, "egress", made.database_group)
    made.allow("database ingress", made.database_group, "ingress", made.proxy_group)
    _connect(made, made.proxy_group)
    world.make_proxy(made.clients, "pool", made.here.subnet_ids[4:], [made.proxy_group], target=database)
    made.question = {"db_proxy_name": "pool"}
    return made


def by_further_endpoint(emulator: Emulator) -> World:
    """The function calls an endpoint in its own VPC of a proxy in the database's, which is not peered."""
    made = _with_networks(emulator, apart=True)
    database = _make_database(made)
    made.proxy_group = world.make_group(made.clients, made.there.vpc_id, "proxy")
    endpoint_group = world.make_group(made.clients, made.here.vpc_id, "proxy endpoint")
    for group in (made.proxy_group, endpoint_group):
        strip(made, group)
    made.allow("proxy egress", made.proxy_group, "egress", made.database_group)
    made.allow("database ingress", made.database_group, "ingress", made.proxy_group)
    _connect(made, endpoint_group)
    made.proxy_subnets = made.there.subnet_ids[:2]
    world.make_proxy(made.clients, "pool", made.proxy_subnets, [made.proxy_group], target=database)
    where = (made.here.subnet_ids[2:], [endpoint_group])
    made.question = {"db_hostname": world.make_proxy_endpoint(made.clients, "pool", "apart", *where)}
    return made


def proxied_cluster(emulator: Emulator) -> World:
    """A proxy before the writer of a cluster, which has a reader too."""
    made = _with_networks(emulator, subnets=6)
    made.database_group = world.make_group(made.clients, made.there.vpc_id, "db")
    made.proxy_group = world.make_group(made.clients, made.here.vpc_id, "proxy")
    made.allow("database ingress", made.database_group, "ingress", made.proxy_group)
    cluster = world.make_cluster(made.clients, "stock", made.database_subnets, [made.database_group], members=2)
    _connect(made, made.proxy_group)
    made.proxy_subnets = made.here.subnet_ids[4:]
    world.make_proxy(made.clients, "pool", made.proxy_subnets, [made.proxy_group], target=cluster)
    made.question = {"db_proxy_name": "pool"}
    return made


def by_reader(emulator: Emulator) -> World:
    """Before the reader: the function calls an endpoint for reading only."""
    made = proxied_cluster(emulator)
    where: Any = (made.proxy_subnets, [made.proxy_group])
    hostname = world.make_proxy_endpoint(made.clients, "pool", "reader", *where, TargetRole="READ_ONLY")
    made.question = {"db_hostname": hostname}
    return made


def clustered(emulator: Emulator) -> World:
    """An Aurora cluster with a reader: a new writer may be in any of its subnets."""
    made = _with_networks(emulator)
    made.database_group = world.make_group(made.clients, made.there.vpc_id, "db")
    world.make_cluster(made.clients, "stock", made.database_subnets, [made.database_group], members=2)
    _connect(made)
    made.question = {"db_cluster_identifier": "stock"}
    return made


def by_hand(emulator: Emulator) -> World:
    """The database is named by its group, and found where that is worn."""
    made = one_vpc(emulator)
    made.question = {
        "vpc_id": made.there.vpc_id,
        "rds_security_group_ids": [made.database_group],
        "port": PORT,
    }
    return made


Ground = Callable[[Emulator], World]


def _with_networks(emulator: Emulator, *, apart: bool = False, ipv6: bool = False, subnets: int = 4) -> World:
    emulator.set(throttling=False)
    clients = Clients.of(emulator)
    here = world.make_network(clients, "here", subnets=subnets, ipv6=ipv6)
    there = world.make_network(clients, "there", subnets=4, cidr="10.1.0.0/16") if apart else here
    made = World(emulator, clients, here, there)
    made.function_subnets, made.database_subnets = here.subnet_ids[:2], there.subnet_ids[2:4]
    made.nat = world.make_nat_gateway(clients, here.vpc_id)
    world.add_route(clients, made.table, EVERYWHERE, made.nat)
    return made


def _make_database(made: World, **settings: Any) -> world.Database:
    made.database_group = world.make_group(made.clients, made.there.vpc_id, "db")
    strip(made, made.database_group)
    return world.make_instance(made.clients, "orders", made.database_subnets, [made.database_group], **settings)


def _connect(made: World, group: str = "") -> None:
    """The function to the database, or to what wears that group; and to services by HTTPS."""
    group = group or made.database_group
    made.client_group = world.make_group(made.clients, made.here.vpc_id, "client")
    strip(made, made.client_group)
    made.allow("egress", made.client_group, "egress", group)
    made.allow("https", made.client_group, "egress", EVERYWHERE, 443)
    made.allow("ingress", group, "ingress", made.client_group)
    where: Any = {"subnet_ids": made.function_subnets, "group_ids": [made.client_group]}
    world.make_function(made.clients, "f", Timeout=30, **where)


def strip(made: World, group: str) -> None:
    """AWS's egress rules for everything are no part of it."""
    filters: Any = [{"Name": "group-id", "Values": [group]}]
    listed = made.clients.ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    ids = [rule["SecurityGroupRuleId"] for rule in listed if rule["IsEgress"]]
    made.clients.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=ids)
