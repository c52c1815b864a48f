# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What does not close the path, but is worth knowing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import AclEntry
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Interface
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import TAG_DATABASE, TAG_SCOPE
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.rule_counts import Weights
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import (
    EGRESS,
    INGRESS,
    Group,
    Rule,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import Finding
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Denial, Snapshot, Unread

from .snapshots import (
    LOCAL_ROUTE,
    ROLE,
    TO_INTERNET,
    endpoint,
    open_snapshot,
    rule,
    verdict,
    with_database,
    with_entries,
    with_function,
    with_routes,
    with_rules,
    with_settings,
    without_rule,
)

DENIED = Denial("ec2:CreateNetworkInterface", "boundary")


def only(snapshot: Snapshot) -> Finding:
    """The one finding, of a path that is open."""
    found = verdict(snapshot)
    assert found.reachable
    (finding,) = found.findings
    return finding


def free(snapshot: Snapshot, addresses: int) -> Snapshot:
    subnets = {**snapshot.subnets, "subnet-a": replace(snapshot.subnets["subnet-a"], free_addresses=addresses)}
    return replace(snapshot, subnets=subnets)


def interfaces(snapshot: Snapshot, count: int = 1, subnet: str = "subnet-a", *groups: str) -> Snapshot:
    """Of Lambda, in that subnet."""
    return replace(snapshot, interfaces=(Interface("eni-1", groups, subnet_id=subnet, vpc_id="vpc-1"),) * count)


@pytest.mark.parametrize(
    ("snapshot", "severity", "code"),
    [
        (with_settings(open_snapshot(), state="Inactive"), "risk", "function_inactive"),
        (with_settings(open_snapshot(), update_status="InProgress"), "risk", "update_in_progress"),
        (with_settings(open_snapshot(), update_status="Failed", update_reason_code="x"), "risk", "update_failed"),
        (with_settings(open_snapshot(), timeout=3), "risk", "short_timeout"),
        (with_settings(open_snapshot(), snap_start=True), "note", "snap_start"),
        (free(open_snapshot(), 0), "risk", "no_free_addresses"),
        (free(open_snapshot(), 7), "note", "few_free_addresses"),
        (
            with_function(open_snapshot(), vpc=VpcConfig(("subnet-a",), ("sg-f", "sg-1", "sg-2", "sg-3", "sg-4"))),
            "note",
            "groups_near_quota",
        ),
        (replace(open_snapshot(), denials={ROLE: (DENIED,)}), "risk", "role_cannot_make_interfaces"),
        (
            replace(open_snapshot(), denials={ROLE: (replace(DENIED, unknown=("aws:PrincipalTag/team",)),)}),
            "risk",
            "role_limited_by_conditions",
        ),
        (with_database(open_snapshot(), status="rebooting"), "risk", "database_busy"),
        (with_database(open_snapshot(), group_states={"sg-x": "removing"}), "note", "database_group_removing"),
        (with_database(open_snapshot(), group_states={"sg-db": "adding"}), "risk", "database_group_adding"),
        (with_database(open_snapshot(), public=True), "note", "database_public"),
        (replace(open_snapshot(), rules_per_group=2), "note", "rules_near_quota"),
        (interfaces(open_snapshot(), 450), "note", "interfaces_near_quota"),
    ],
)  # fmt: skip
def test_one_finding(snapshot: Snapshot, severity: str, code: str) -> None:
    finding = only(snapshot)
    assert (finding.severity, finding.code) == (severity, code)


class TestAddresses:
    def attaching(self, snapshot: Snapshot) -> Snapshot:
        return with_settings(free(snapshot, 0), attaching=True)

    def test_a_new_interface_needs_one(self) -> None:
        others = (("subnet-a", "sg-other"), ("subnet-b", "sg-f"), ("subnet-a", "sg-f", "sg-other"))
        held = tuple(Interface("eni-1", tuple(groups), subnet_id=subnet, vpc_id="vpc-1") for subnet, *groups in others)
        snapshot = replace(self.attaching(open_snapshot()), interfaces=held)
        assert [(each.severity, each.code) for each in verdict(snapshot).findings] == [("blocks", "no_free_addresses")]

    def test_an_interface_with_the_same_groups_is_shared(self) -> None:
        groups = ("sg-f", "sg-2")
        snapshot = with_function(open_snapshot(), vpc=VpcConfig(("subnet-a",), groups))
        finding = only(interfaces(self.attaching(snapshot), 1, "subnet-a", *reversed(groups)))
        assert (finding.severity, finding.code) == ("risk", "no_spare_addresses")

    def test_interfaces_that_could_not_be_read_may_be_there(self) -> None:
        snapshot = replace(self.attaching(open_snapshot()), interfaces=None)
        assert only(snapshot).code == "no_free_addresses"


@pytest.mark.parametrize("status", ["available", "backing-up", "storage-optimization", "configuring-log-exports", ""])
def test_a_database_that_serves(status: str) -> None:
    assert verdict(with_database(open_snapshot(), status=status)).findings == ()


class TestRulesQuota:
    """Of four rules that a group may have."""

    def noted(self, *rules: Rule, weights: Weights | None = None) -> dict[str, str]:
        """The counts that are told, by direction."""
        snapshot = with_rules(open_snapshot(), *open_snapshot().state.rules, *rules)
        snapshot = replace(snapshot, rules_per_group=4, prefix_lists={"pl-1": ("10.8.0.0/16", "10.9.0.0/16")})
        found = verdict(replace(snapshot, list_weights=weights or {})).findings
        return {each.values["direction"]: each.values["count"] for each in found if each.code == "rules_near_quota"}

    def test_families_count_apart(self) -> None:
        """Two rules are there, one of them for a group, which counts in both."""
        more = [rule("sg-f", EGRESS, f"2001:db8:{number}::/48") for number in range(3)]
        assert self.noted(*more) == {EGRESS: "4"}
        assert self.noted(*more[:2], rule("sg-f", EGRESS, "10.8.0.0/16")) == {}
        assert self.noted(*(rule("sg-f", EGRESS, "sg-db", number) for number in (1, 2))) == {EGRESS: "4"}

    def test_a_prefix_list_counts_as_the_maximum_of_its_entries(self) -> None:
        listed = rule("sg-f", EGRESS, "pl-1", 1)
        assert self.noted(listed, weights={"pl-1": {4: 20}}) == {EGRESS: "22"}
        assert self.noted(listed, weights={"pl-1": {6: 3}}) == {EGRESS: "4"}
        assert self.noted(listed, weights={"pl-1": {6: 2}}) == {}

    def test_where_that_is_not_known_as_its_entries(self) -> None:
        assert self.noted(rule("sg-f", EGRESS, "pl-1", 1)) == {EGRESS: "4"}
        assert self.noted(rule("sg-f", EGRESS, "pl-2", 1)) == {}
        assert self.noted(rule("sg-f", EGRESS, "pl-2", 1), rule("sg-f", EGRESS, "pl-3", 1)) == {EGRESS: "4"}


class TestServices:
    def cut_off(self) -> Snapshot:
        return with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE)

    def codes(self, snapshot: Snapshot) -> dict[str, str]:
        assert verdict(snapshot).reachable
        return {finding.code: finding.values.get("services", "") for finding in verdict(snapshot).findings}

    @pytest.mark.parametrize(
        "route", [LOCAL_ROUTE, Route(("0.0.0.0/0",), "igw-1"), replace(TO_INTERNET, state="blackhole")]
    )
    def test_without_the_internet(self, route: Route) -> None:
        assert self.codes(with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, route)) == {
            "no_internet": "",
            "services_unreachable": "dynamodb, kms, s3, secretsmanager, ssm, sts",
        }

    def test_endpoints_stand_in_for_it(self) -> None:
        gateways = [endpoint("s3", "Gateway", route_table_ids=("rtb-f",)), endpoint("dynamodb", "Gateway")]
        snapshot = replace(self.cut_off(), endpoints=(endpoint("kms"), *gateways))
        snapshot = with_rules(snapshot, *snapshot.state.rules, rule("sg-e", INGRESS, "sg-f", 443))
        assert self.codes(snapshot) == {"no_internet": "", "services_unreachable": "dynamodb, secretsmanager, ssm, sts"}

    def test_an_endpoint_without_private_names_does_not(self) -> None:
        snapshot = replace(self.cut_off(), endpoints=(endpoint("kms", private_dns=False),))
        assert "kms" in self.codes(snapshot)["services_unreachable"]

    def test_an_endpoint_that_does_not_admit_the_function(self) -> None:
        """Its name leads to it although there is a way to the internet."""
        snapshot = replace(open_snapshot(), endpoints=(endpoint("secretsmanager"),))
        finding = only(snapshot)
        assert finding.code == "endpoint_closed"
        assert finding.values["service"] == "secretsmanager"
        admitted = with_rules(snapshot, *snapshot.state.rules, rule("sg-e", INGRESS, "10.0.0.0/23", 443))
        assert verdict(admitted).findings == ()

    def test_nothing_is_let_out(self) -> None:
        snapshot = without_rule(open_snapshot(), "sg-f", EGRESS)
        snapshot = with_rules(open_snapshot(), *(each for each in open_snapshot().state.rules if each.from_port != 443))
        assert only(snapshot).code == "https_egress_closed"

    def test_only_the_endpoint_is_let_out_to(self) -> None:
        snapshot = replace(open_snapshot(), endpoints=(endpoint("ssm"),))
        kept = [each for each in snapshot.state.rules if each.from_port != 443]
        pair = (rule("sg-f", EGRESS, "sg-e", 443), rule("sg-e", INGRESS, "sg-f", 443))
        assert only(with_rules(snapshot, *kept, *pair)).values == {"services": "dynamodb, kms, s3, secretsmanager, sts"}

    def test_all_traffic_lets_out(self) -> None:
        kept = [each for each in open_snapshot().state.rules if each.from_port != 443]
        assert (
            verdict(with_rules(open_snapshot(), *kept, rule("sg-f", EGRESS, "0.0.0.0/0", -1, protocol="-1"))).findings
            == ()
        )

    def test_what_could_not_be_read_is_not_guessed(self) -> None:
        unread = Unread("ec2:DescribeVpcEndpoints", "AccessDenied")
        assert set(self.codes(replace(self.cut_off(), unread=(unread,)))) == {"not_looked_at"}

    def test_without_a_route_table_there_is_no_way(self) -> None:
        snapshot = replace(open_snapshot(), route_tables=(), unread=(Unread("x", "AccessDenied", ("route", "return")),))
        assert {finding.code for finding in verdict(snapshot).findings} >= {"no_internet", "services_unreachable"}


class TestIpv6:
    def dual_stack(self) -> Snapshot:
        subnets = {
            name: replace(each, ipv6_cidrs=(f"2001:db8:0:{number}::/64",))
            for number, (name, each) in enumerate(open_snapshot().subnets.items())
        }
        snapshot = with_database(replace(open_snapshot(), subnets=subnets), dual_stack=True)
        function = snapshot.state.functions["f"]
        everything = [AclEntry(101, egress, allow=True, protocol="-1", cidr="::/0") for egress in (False, True)]
        snapshot = with_entries(with_entries(snapshot, "acl-f", *everything), "acl-db", *everything)
        local = Route(("2001:db8::/56",), "local")
        snapshot = with_routes(snapshot, "rtb-f", LOCAL_ROUTE, TO_INTERNET, local)
        snapshot = with_routes(snapshot, "rtb-main", LOCAL_ROUTE, local)
        return with_function(snapshot, vpc=replace(function.vpc, ipv6_allowed_for_dual_stack=True))

    def test_the_path_is_open_too(self) -> None:
        assert verdict(self.dual_stack()).findings == ()

    def test_it_is_closed(self) -> None:
        assert only(with_routes(self.dual_stack(), "rtb-main", LOCAL_ROUTE)).code == "ipv6_closed"

    def test_without_ipv6_in_the_subnets_it_is_not_used(self) -> None:
        assert verdict(replace(self.dual_stack(), subnets=open_snapshot().subnets)).findings == ()


class TestManaged:
    def test_by_the_tags_of_a_group(self) -> None:
        tags = {TAG_DATABASE: "instance/orders", TAG_SCOPE: "function"}
        snapshot = open_snapshot()
        groups = {**snapshot.state.groups, "sg-f": Group("sg-f", "f", "vpc-1", tags=tags)}
        assert verdict(snapshot).managed is False
        assert verdict(replace(snapshot, state=replace(snapshot.state, groups=groups))).managed

    @pytest.mark.parametrize(("group", "peer"), [("sg-f", "sg-db"), ("sg-db", "sg-f")])
    def test_by_the_tags_of_a_rule(self, group: str, peer: str) -> None:
        snapshot = open_snapshot()
        ours = rule(group, EGRESS, peer, 1, tags={TAG_DATABASE: "instance/orders"})
        assert verdict(with_rules(snapshot, *snapshot.state.rules, ours)).managed

    def test_not_known(self) -> None:
        assert verdict(replace(open_snapshot(), database=None)).managed is None
