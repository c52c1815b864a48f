# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What closes the path from a function to its database, or is worth knowing of it: each breaks a healthy world once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Entry

from . import healthy_worlds as healthy
from .healthy_worlds import DATABASES, FUNCTION, PORT, World

Cause = Callable[[World], None]


# ---- causes with parameters ----


def revoked(*names: str) -> Cause:
    """Rules of these names are gone."""

    def cause(made: World) -> None:
        ids = [made.rules[name] for name in names]
        listed = made.clients.ec2.describe_security_group_rules(SecurityGroupRuleIds=ids)["SecurityGroupRules"]
        for rule in listed:
            named: Any = {"GroupId": rule["GroupId"], "SecurityGroupRuleIds": [rule["SecurityGroupRuleId"]]}
            if rule["IsEgress"]:
                made.clients.ec2.revoke_security_group_egress(**named)
            else:
                made.clients.ec2.revoke_security_group_ingress(**named)

    return cause


def egress_to(*peers: str, port: int = PORT) -> Cause:
    """The client group's rule for the database has these peers instead; empty for the database's group."""

    def cause(made: World) -> None:
        revoked("egress")(made)
        for peer in peers or [made.database_group]:
            made.allow("egress", made.client_group, "egress", peer, port)

    return cause


def ingress_from(*peers: str, port: int = PORT) -> Cause:
    """The database group's rule for the function has these peers instead; empty for the client group."""

    def cause(made: World) -> None:
        revoked("ingress")(made)
        for peer in peers or [made.client_group]:
            made.allow("ingress", made.database_group, "ingress", peer, port)

    return cause


def acl_on_function(*entries: Entry, subnets: slice = slice(None)) -> Cause:
    """The function's subnets, or some of them, have an ACL with these entries."""
    return lambda made: _guard(made, made.here.vpc_id, made.function_subnets[subnets], entries)


def acl_on_database(*entries: Entry, subnets: slice = slice(None)) -> Cause:
    return lambda made: _guard(made, made.there.vpc_id, made.database_subnets[subnets], entries)


def acl_on_proxy(*entries: Entry) -> Cause:
    return lambda made: _guard(made, made.there.vpc_id, made.proxy_subnets, entries)


def ssh_and_rdp_denied(made: World) -> None:
    """On all ACLs, as nacl-no-unrestricted-ssh-rdp wants it
    (https://docs.aws.amazon.com/config/latest/developerguide/nacl-no-unrestricted-ssh-rdp.html)."""
    entries = (*(Entry("ingress", "deny", ports=(port, port)) for port in (22, 3389)), *world.ALLOW_ALL)
    for vpc_id, subnet_ids in (
        (made.here.vpc_id, made.function_subnets),
        (made.there.vpc_id, [each for each in made.database_subnets if each not in made.function_subnets]),
        (made.there.vpc_id, made.proxy_subnets),
    ):
        _guard(made, vpc_id, subnet_ids, entries)


def _guard(made: World, vpc_id: str, subnet_ids: list[str], entries: tuple[Entry, ...]) -> None:
    world.make_network_acl(made.clients, vpc_id, subnet_ids, entries)


def setting(**values: Any) -> Cause:
    """Of the emulator."""
    return lambda made: made.emulator.set(**values)


# ---- causes of their own ----


def detached(made: World) -> None:
    made.configure(VpcConfig={"SubnetIds": [], "SecurityGroupIds": [], "Ipv6AllowedForDualStack": False})


def peering_deleted(made: World) -> None:
    made.clients.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=made.peering)


def peering_replaced(made: World) -> None:
    """The way back leads through the new one, the way there through the one that is gone."""
    peering_deleted(made)
    made.peering = world.peer(made.clients, made.here.vpc_id, made.there.vpc_id)
    no_way_back(made)
    world.add_route(made.clients, made.back_table, "10.0.0.0/16", made.peering)


def no_way_there(made: World) -> None:
    made.clients.ec2.delete_route(RouteTableId=made.table, DestinationCidrBlock="10.1.0.0/16")


def no_way_back(made: World) -> None:
    made.clients.ec2.delete_route(RouteTableId=made.back_table, DestinationCidrBlock="10.0.0.0/16")


def more_specific_route(made: World) -> None:
    world.add_route(made.clients, made.table, DATABASES, made.nat)


def one_address_elsewhere(made: World) -> None:
    """A host route, as one leaves it behind that was needed for a migration."""
    world.add_route(made.clients, made.table, "10.1.3.9/32", made.nat)


def no_nat(made: World) -> None:
    made.clients.ec2.delete_route(RouteTableId=made.table, DestinationCidrBlock=healthy.EVERYWHERE)


def dns_support_off(made: World) -> None:
    made.clients.ec2.modify_vpc_attribute(VpcId=made.here.vpc_id, EnableDnsSupport={"Value": False})


def names_not_resolved(made: World) -> None:
    healthy.resolve_names(made, resolved=False)


def database_stopped(made: World) -> None:
    made.clients.rds.stop_db_instance(DBInstanceIdentifier="orders")


def database_group_replaced(made: World) -> None:
    """By one without rules."""
    made.emulator.set(database_group_seconds=3600)
    group = world.make_group(made.clients, made.there.vpc_id, "new")
    made.clients.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[group], ApplyImmediately=True
    )


def function_pending(made: World) -> None:
    made.clients.functions.delete_function(**FUNCTION)
    made.emulator.set(create_seconds=3600)
    where: Any = {"subnet_ids": made.function_subnets, "group_ids": [made.client_group]}
    world.make_function(made.clients, "f", Timeout=30, **where)


def update_failed(made: World) -> None:
    made.emulator.set(failing_updates={"f": "SubnetOutOfIPAddresses"})
    made.clients.functions.update_function_configuration(**FUNCTION, MemorySize=512)
    made.emulator.advance(60)


def update_in_progress(made: World) -> None:
    made.emulator.set(update_seconds=3600)
    made.clients.functions.update_function_configuration(**FUNCTION, MemorySize=512)


def alias_not_connected(made: World) -> None:
    detached(made)
    version = made.clients.functions.publish_version(**FUNCTION)["Version"]
    made.clients.functions.create_alias(**FUNCTION, Name="live", FunctionVersion=version)
    made.attach()


def no_free_address(made: World) -> None:
    """In a further subnet of the function, which is small."""
    _fill(made, _small_subnet(made))


def no_free_address_any_more(made: World) -> None:
    """Others have taken the addresses that Lambda had, and gave back when the function was idle."""
    small = _small_subnet(made)
    made.emulator.set(inactive_functions=["f"])
    _fill(made, small)


def _small_subnet(made: World) -> str:
    small = made.clients.ec2.create_subnet(VpcId=made.here.vpc_id, CidrBlock="10.0.100.0/28")["Subnet"]["SubnetId"]
    made.function_subnets = [*made.function_subnets, small]
    made.attach()
    return small


def _fill(made: World, subnet_id: str) -> None:
    (subnet,) = made.clients.ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"]
    for _free in range(subnet["AvailableIpAddressCount"]):
        made.clients.ec2.create_network_interface(SubnetId=subnet_id, Groups=[made.client_group])


def role_without_permissions(made: World) -> None:
    world.take_permissions(made.clients, "f-role")


def role_gone(made: World) -> None:
    role_without_permissions(made)
    made.clients.iam.delete_role(RoleName="f-role")


def role_limited(*, subnets: str = "*", **condition: Any) -> Cause:
    """The role may make network interfaces in some subnets only, or under a condition."""
    return lambda made: world.limit_role(made.clients, "f-role", subnets, condition)


def role_limited_to_its_vpc(made: World) -> None:
    arn = f"arn:aws:ec2:*:*:vpc/{made.here.vpc_id}"
    requested = {"aws:RequestedRegion": made.clients.ec2.meta.region_name}
    role_limited(ArnLike={"ec2:Vpc": arn}, StringEquals=requested)(made)


def role_with_boundary(made: World) -> None:
    world.set_boundary(made.clients, "f-role", "logs:*")


def second_hop_to_another_port(made: World) -> None:
    revoked("proxy egress")(made)
    made.allow("proxy egress", made.proxy_group, "egress", made.database_group, 3306)


def reader_deleted(made: World) -> None:
    made.clients.rds.delete_db_instance(DBInstanceIdentifier="stock-2", SkipFinalSnapshot=True)


def target_deregistered(made: World) -> None:
    made.clients.rds.deregister_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"])


def five_groups(made: World) -> None:
    more = [world.make_group(made.clients, made.here.vpc_id, f"more-{number}") for number in range(4)]
    for group in more:
        healthy.strip(made, group)
    made.configure(VpcConfig={**made.vpc_config, "SecurityGroupIds": [made.client_group, *more]})


def many_rules(made: World) -> None:
    """54 of 60."""
    ranges = [{"CidrIp": f"192.168.{number}.0/24"} for number in range(53)]
    permission: Any = {"IpProtocol": "tcp", "FromPort": PORT, "ToPort": PORT, "IpRanges": ranges}
    made.clients.ec2.authorize_security_group_ingress(GroupId=made.database_group, IpPermissions=[permission])


def large_prefix_list(made: World) -> None:
    """A rule for one network, of a list that may have many."""
    listed = world.make_prefix_list(made.clients, "offices", ["192.168.0.0/16"], most=55)
    made.allow("offices", made.database_group, "ingress", listed)


def database_deleted(made: World) -> None:
    made.clients.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)


def members_deleted(made: World) -> None:
    """They are not seen any more while they are being deleted."""
    for member in ("stock-1", "stock-2"):
        made.clients.rds.delete_db_instance(DBInstanceIdentifier=member, SkipFinalSnapshot=True)


def function_deleted(made: World) -> None:
    made.clients.functions.delete_function(**FUNCTION)


def group_that_nobody_wears(made: World) -> None:
    unworn = world.make_group(made.clients, made.there.vpc_id, "unworn")
    made.question = {**made.question, "rds_security_group_ids": [unworn]}
    made.allow("egress to unworn", made.client_group, "egress", unworn)
    made.allow("unworn", unworn, "ingress", made.client_group)


def host_with_the_same_group(made: World) -> None:
    """Where packets of the function do not come to, and the database is not."""
    _host(made)
    acl_on_database(Entry("ingress", "deny"), subnets=slice(1))(made)


def host_with_one_group_of_two(made: World) -> None:
    second = world.make_group(made.clients, made.there.vpc_id, "second")
    made.question = {**made.question, "rds_security_group_ids": [made.database_group, second]}
    made.clients.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[made.database_group, second], ApplyImmediately=True
    )
    host_with_the_same_group(made)


def only_a_host_with_one_group_of_two(made: World) -> None:
    second = world.make_group(made.clients, made.there.vpc_id, "second")
    made.question = {**made.question, "rds_security_group_ids": [made.database_group, second]}
    _host(made)


def another_group_lets_in(made: World) -> None:
    """The database wears one more group than the task says, and that has the rule."""
    second = world.make_group(made.clients, made.there.vpc_id, "second")
    revoked("ingress")(made)
    made.allow("ingress", second, "ingress", made.client_group)
    made.clients.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[made.database_group, second], ApplyImmediately=True
    )


def another_group_is_said(made: World) -> None:
    """Of a database, or proxy, that is named."""
    other = world.make_group(made.clients, made.there.vpc_id, "other")
    made.question = {**made.question, "rds_security_group_ids": [made.proxy_group or made.database_group, other]}


def another_group_is_said_and_being_added(made: World) -> None:
    made.emulator.set(database_group_seconds=3600)
    second = world.make_group(made.clients, made.there.vpc_id, "second")
    made.question = {**made.question, "rds_security_group_ids": [made.database_group, second]}
    made.clients.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[made.database_group, second], ApplyImmediately=True
    )


def another_port_is_said(made: World) -> None:
    made.question = {**made.question, "port": PORT + 1}


def _host(made: World) -> None:
    made.clients.ec2.create_network_interface(SubnetId=made.database_subnets[0], Groups=[made.database_group])


# ---- changes that look dangerous and are not, and further causes ----


def egress_to_prefix_list(*cidrs: str) -> Cause:
    """The client group's rule names a prefix list instead of the database's group."""
    return lambda made: egress_to(world.make_prefix_list(made.clients, "databases", cidrs))(made)


def worn_by_both(made: World) -> None:
    """The function wears the database's group too, which lets its own members in and out."""
    revoked("egress", "ingress")(made)
    for direction in ("egress", "ingress"):
        made.allow(direction, made.database_group, direction, made.database_group)
    made.configure(VpcConfig={**made.vpc_config, "SecurityGroupIds": [made.client_group, made.database_group]})


def two_client_groups(made: World) -> None:
    """Each of them lets out to a half of the subnet."""
    other = world.make_group(made.clients, made.here.vpc_id, "other half")
    healthy.strip(made, other)
    made.allow("other half", other, "egress", "10.0.3.128/25")
    egress_to("10.0.3.0/25")(made)
    made.configure(VpcConfig={**made.vpc_config, "SecurityGroupIds": [made.client_group, other]})


def in_the_database_s_subnet(made: World) -> None:
    """Where no network ACL stands between the two, and this one would let nothing through."""
    made.function_subnets = made.database_subnets[1:]
    made.attach()
    acl_on_database()(made)


def table_of_its_own(*subnets: int, **routes: str) -> Cause:
    """Some of the function's subnets have a route table with these routes: the names of targets by that of ranges."""

    def cause(made: World) -> None:
        targets = {"nat": made.nat, "peering": made.peering}
        ranges = {"everywhere": healthy.EVERYWHERE, "there": "10.1.0.0/16"}
        leads = {ranges[name]: targets[target] for name, target in routes.items()}
        chosen = [made.function_subnets[number] for number in subnets]
        world.make_route_table(made.clients, made.here.vpc_id, chosen, leads)

    return cause


def through_a_transit_gateway(made: World) -> None:
    """Instead of the peering."""
    peering_deleted(made)
    no_way_there(made)
    no_way_back(made)
    gateway = world.make_transit_gateway(made.clients, made.here, made.there)
    world.add_route(made.clients, made.table, "10.1.0.0/16", gateway)
    world.add_route(made.clients, made.back_table, "10.0.0.0/16", gateway)


def transit_gateway_detached(made: World) -> None:
    """From the database's VPC, and then the route back leads nowhere."""
    through_a_transit_gateway(made)
    for each in made.clients.ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]:
        if each["VpcId"] == made.there.vpc_id:
            name = each["TransitGatewayAttachmentId"]
            made.clients.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=name)


def gateway_endpoint(made: World) -> None:
    """Its route is by a prefix list, of public addresses."""
    world.make_gateway_endpoint(made.clients, made.here.vpc_id, "s3", [made.table])


def route_by_prefix_list(made: World) -> None:
    no_way_there(made)
    listed = world.make_prefix_list(made.clients, "databases", ["10.1.2.0/24", "10.1.3.0/24"])
    world.add_route(made.clients, made.table, listed, made.peering)


def public_subnets(made: World) -> None:
    """An internet gateway does not serve functions."""
    no_nat(made)
    (gateway,) = made.clients.ec2.describe_internet_gateways()["InternetGateways"]
    world.add_route(made.clients, made.table, healthy.EVERYWHERE, gateway["InternetGatewayId"])


def nat_deleted(made: World) -> None:
    made.clients.ec2.delete_nat_gateway(NatGatewayId=made.nat)


def alias_with_a_share(made: World) -> None:
    """The version that most calls go to is attached, the other is not."""
    detached(made)
    old = made.clients.functions.publish_version(**FUNCTION)["Version"]
    made.attach()
    new = made.clients.functions.publish_version(**FUNCTION)["Version"]
    share: Any = {"AdditionalVersionWeights": {old: 0.1}}
    made.clients.functions.create_alias(**FUNCTION, Name="live", FunctionVersion=new, RoutingConfig=share)


def alias_connected(made: World) -> None:
    version = made.clients.functions.publish_version(**FUNCTION)["Version"]
    made.clients.functions.create_alias(**FUNCTION, Name="live", FunctionVersion=version)


def asked_by_host_name_and_arn(made: World) -> None:
    (database,) = made.clients.rds.describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"]
    arn = made.clients.functions.get_function(**FUNCTION)["Configuration"]["FunctionArn"]
    made.question = {"db_hostname": database["Endpoint"]["Address"], "function_name": arn}


def asked_by_reader_endpoint(made: World) -> None:
    (cluster,) = made.clients.rds.describe_db_clusters(DBClusterIdentifier="stock")["DBClusters"]
    made.question = {"db_hostname": cluster["ReaderEndpoint"]}


def both(*causes: Cause) -> Cause:
    def cause(made: World) -> None:
        for each in causes:
            each(made)

    return cause
