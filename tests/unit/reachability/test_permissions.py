# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is asked of IAM's policy simulator for an execution role, and what its answers mean for a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import UnreachableError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.permissions import (
    CREATE,
    INTERFACE_ACTIONS,
    denials_from,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.query import Query
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Denial, Snapshot

from ..asking import want
from ..fake_aws import OWNER, FakeAws
from .snapshots import ROLE, blocking, open_snapshot, others, verdict, with_function, with_settings

DELETE, DESCRIBE = "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets"
ARN = f"arn:aws:ec2:eu-central-1:{OWNER}"
ASSIGN = ("ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses")


def of(resource: str, decision: str, *missing: str, **details: Any) -> dict[str, Any]:
    return {
        "EvalResourceName": f"{ARN}:{resource}",
        "EvalResourceDecision": decision,
        "MissingContextValues": list(missing),
        **details,
    }


def result(action: str, *specific: dict[str, Any], decision: str = "implicitDeny", **details: Any) -> dict[str, Any]:
    template = "arn:${Partition}:ec2:${Region}:${Account}:network-interface/${NetworkInterfaceId}"
    apart = {"ResourceSpecificResults": list(specific)} if specific else {}
    return {"EvalActionName": action, "EvalResourceName": template, "EvalDecision": decision, **apart, **details}


class TestAnswers:
    def test_what_is_allowed_is_no_denial(self) -> None:
        allowed = [result(action, of("subnet/subnet-a", "allowed"), decision="allowed") for action in INTERFACE_ACTIONS]
        assert denials_from(allowed) == ()

    def test_each_resource_apart(self) -> None:
        told = [of("subnet/subnet-a", "allowed"), of("subnet/subnet-b", "implicitDeny")]
        told.append(of("security-group/sg-1", "explicitDeny"))
        assert denials_from([result(CREATE, *told)]) == (
            Denial(CREATE, "implicitDeny", "subnet-b"),
            Denial(CREATE, "explicitDeny", "sg-1"),
        )

    def test_interfaces_are_any(self) -> None:
        told = of("network-interface/*", "implicitDeny")
        assert denials_from([result(CREATE, told), result(DELETE, told)]) == (
            Denial(CREATE, "implicitDeny"),
            Denial(DELETE, "implicitDeny"),
        )

    def test_a_deletion_is_not_about_subnets(self) -> None:
        told = [of("network-interface/*", "allowed"), of("subnet/subnet-a", "implicitDeny")]
        assert denials_from([result(DELETE, *told)]) == ()

    def test_what_is_about_no_resource_has_to_be_allowed_on_all(self) -> None:
        told = [of("network-interface/*", "allowed"), of("subnet/a", "implicitDeny"), of("subnet/b", "implicitDeny")]
        assert denials_from([result(DESCRIBE, *told)]) == (Denial(DESCRIBE, "implicitDeny"),)

    @pytest.mark.parametrize("name", ["*", "arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}"])
    def test_a_result_without_resources_of_its_own_is_about_any(self, name: str) -> None:
        answer = {**result(CREATE), "EvalResourceName": name}
        assert denials_from([answer]) == (Denial(CREATE, "implicitDeny"),)

    def test_a_result_for_each_resource(self) -> None:
        answers = [{**result(CREATE), "EvalResourceName": f"{ARN}:subnet/subnet-{name}"} for name in "ab"]
        assert [denial.resource for denial in denials_from(answers)] == ["subnet-a", "subnet-b"]

    def test_a_boundary(self) -> None:
        outside: Any = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}
        inside: Any = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": True}}
        answers = [
            result(CREATE, of("subnet/a", "implicitDeny", **outside), **inside),
            result(CREATE, of("subnet/b", "implicitDeny", **inside), **outside),
            result(CREATE, of("subnet/c", "implicitDeny"), **outside),
        ]
        assert [denial.reason for denial in denials_from(answers)] == ["boundary", "implicitDeny", "boundary"]

    def test_an_organization_counts_whatever_the_role_may(self) -> None:
        says: Any = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
        answer = result(CREATE, of("subnet/a", "allowed", "aws:SourceIp"), **says)
        assert denials_from([answer]) == (Denial(CREATE, "organization", "a"),)
        says["OrganizationsDecisionDetail"]["AllowedByOrganizations"] = True
        assert denials_from([result(CREATE, of("subnet/a", "allowed"), **says)]) == ()

    def test_conditions_that_could_not_be_evaluated(self) -> None:
        answers = [
            result(CREATE, of("subnet/a", "implicitDeny", "ec2:Vpc", "aws:SourceIp")),
            result(DELETE, MissingContextValues=["ec2:Vpc"]),
            result(CREATE, of("subnet/b", "implicitDeny"), MissingContextValues=["ec2:Vpc"]),
        ]
        assert [each.unknown for each in denials_from(answers)] == [("aws:SourceIp", "ec2:Vpc"), ("ec2:Vpc",), ()]


def attaching(*denials: Denial) -> Snapshot:
    return with_settings(replace(open_snapshot(), denials={ROLE: denials}), attaching=True)


class TestFindings:
    @pytest.mark.parametrize("reason", ["implicitDeny", "explicitDeny", "boundary", "organization", "noSuchRole"])
    def test_without_interfaces_there_is_no_attachment(self, reason: str) -> None:
        assert blocking(attaching(Denial(CREATE, reason))) == ["role_cannot_make_interfaces"]
        assert others(with_settings(attaching(Denial(CREATE, reason)), attaching=False)) == [
            "role_cannot_make_interfaces"
        ]

    @pytest.mark.parametrize("action", [*ASSIGN, DELETE, DESCRIBE])
    def test_what_only_comes_later_does_not_block(self, action: str) -> None:
        assert blocking(attaching(Denial(action, "explicitDeny"))) == []
        assert others(attaching(Denial(action, "explicitDeny"))) == ["role_cannot_make_interfaces"]

    def test_what_hangs_on_unknown_conditions_does_not_block(self) -> None:
        snapshot = attaching(Denial(CREATE, "explicitDeny", unknown=("aws:SourceIp",)))
        assert blocking(snapshot) == []
        (finding,) = verdict(snapshot).findings
        assert (finding.code, finding.severity) == ("role_limited_by_conditions", "risk")
        assert finding.values == {"actions": CREATE, "conditions": "aws:SourceIp"}

    def test_both(self) -> None:
        snapshot = attaching(Denial(DELETE, "implicitDeny"), Denial(CREATE, "implicitDeny", unknown=("ec2:Vpc",)))
        assert blocking(snapshot) == []
        assert others(snapshot) == ["role_cannot_make_interfaces", "role_limited_by_conditions"]

    def test_subnets_and_groups_of_others_are_of_no_interest(self) -> None:
        denials = [Denial(CREATE, "implicitDeny", resource) for resource in ("subnet-b", "sg-f", "subnet-x", "sg-x")]
        snapshot = attaching(*denials)
        (finding,) = verdict(snapshot).findings
        assert finding.values["actions"] == f"{CREATE} (sg-f, subnet-b)"
        (finding,) = verdict(with_function(snapshot, vpc=VpcConfig(("subnet-a",), ("sg-f",)))).findings
        assert finding.values["actions"] == f"{CREATE} (sg-f)"

    def test_what_is_denied_on_all_is_told_without_a_place(self) -> None:
        denials = (Denial(CREATE, "implicitDeny", "subnet-b"), Denial(CREATE, "boundary"))
        (finding,) = verdict(attaching(*denials)).findings
        assert finding.values == {"actions": CREATE, "why": "boundary, implicitDeny"}


def ask_for(**given: Any) -> Query:
    spec = argument_spec()
    return parse({**{name: option.get("default") for name, option in spec.items()}, **given})


class Asked(FakeAws):
    """Remembers what the simulator was asked."""

    def simulate(
        self, role_arn: str, actions: Sequence[str], resource_arns: Sequence[str], context: Mapping[str, str]
    ) -> list[dict[str, Any]] | None:
        self.__dict__["question"] = (list(resource_arns), dict(context))
        return super().simulate(role_arn, actions, resource_arns, context)


class TestQuestions:
    def account(self) -> Asked:
        """A function outside any VPC, and a database."""
        aws = Asked()
        vpc, subnets = aws.add_vpc()
        aws.add_instance("orders", vpc, subnets, [aws.add_group(vpc, "db")])
        aws.add_function("f")
        aws.functions["f"]["Role"] = ROLE
        return aws

    def ask(self, aws: Asked, **options: Any) -> dict[str, Any]:
        return preview(want(function_name="f", db_instance_identifier="orders", verify=True, **options), aws)

    def question(self, aws: Asked) -> tuple[list[str], dict[str, str]]:
        found: tuple[list[str], dict[str, str]] = aws.__dict__["question"]
        return found

    def test_about_the_places_that_the_function_is_put_into(self) -> None:
        aws = self.account()
        self.ask(aws)
        (vpc,) = aws.vpcs
        arns, context = self.question(aws)
        assert arns == [f"{ARN}:network-interface/*", *(f"{ARN}:subnet/{each}" for each in sorted(aws.subnets))]
        assert context == {
            "aws:RequestedRegion": "eu-central-1",
            "aws:ResourceAccount": OWNER,
            "ec2:Region": "eu-central-1",
            "ec2:Vpc": f"{ARN}:vpc/{vpc}",
        }

    def test_about_groups_that_it_wears(self) -> None:
        aws = self.account()
        (vpc,) = aws.vpcs
        group = aws.add_group(vpc, "given")
        self.ask(aws, security_group_id=group)
        assert self.question(aws)[0][-1] == f"{ARN}:security-group/{group}"

    def test_about_subnets_that_another_account_shares(self, monkeypatch: pytest.MonkeyPatch) -> None:
        aws = self.account()
        shown = type(aws).describe_subnets
        owner = {"OwnerId": "210987654321"}
        monkeypatch.setattr(
            type(aws), "describe_subnets", lambda aws, ids: [{**each, **owner} for each in shown(aws, ids)]
        )
        self.ask(aws)
        (vpc,) = aws.vpcs
        arns, context = self.question(aws)
        assert {arn.split(":")[4] for arn in arns[1:]} == {"210987654321"}
        assert "aws:ResourceAccount" not in context
        assert context["ec2:Vpc"] == f"arn:aws:ec2:eu-central-1:210987654321:vpc/{vpc}"

    def test_of_several_vpcs_none_is_told(self) -> None:
        aws = self.account()
        other, subnets = aws.add_vpc()
        aws.functions["f"]["VpcConfig"] = {"SubnetIds": subnets, "SecurityGroupIds": [aws.add_group(other, "x")]}
        self.ask(aws, allow_vpc_change=True)
        assert "ec2:Vpc" not in self.question(aws)[1]

    def test_capacity_providers_have_roles_of_their_own(self) -> None:
        aws = self.account()
        config = {"CapacityProviderArn": "arn:aws:lambda:eu-central-1:1:capacity-provider:big"}
        aws.functions["f"]["CapacityProviderConfig"] = {"LambdaManagedInstancesCapacityProviderConfig": config}
        found = run(ask_for(function_name="f", db_instance_identifier="orders"), "en", aws)
        assert "simulate" not in aws.calls
        (finding,) = found["connections"][0]["findings"]
        assert (finding["code"], finding["severity"]) == ("on_capacity_provider", "blocks")
        assert "big" in finding["message"]

    def test_a_condition_that_is_not_known_does_not_stop_the_task(self) -> None:
        aws = self.account()
        aws.denied = {CREATE: "implicitDeny"}
        with pytest.raises(UnreachableError, match="may not do ec2:CreateNetworkInterface"):
            self.ask(aws)
        aws.conditions = ("aws:PrincipalTag/team", "ec2:Vpc")
        codes = [finding["code"] for finding in self.ask(aws)["reachability"][0]["findings"]]
        assert "role_limited_by_conditions" in codes
