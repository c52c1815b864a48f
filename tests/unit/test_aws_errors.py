# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every error of every call ends in one message: what was being done, AWS's words, a remedy, and what was written.

The module runs as a whole, on boto3's clients; the rows are in aws_errors.py.
"""

from __future__ import annotations

import itertools
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from math import ceil
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.errors import update_failed
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.retry import BACKOFF
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process import outcome

from .asking import present, want
from .aws_errors import (
    BOTOCORE,
    NOT_OURS,
    REASONS,
    Answer,
    Failure,
    answers_of,
    botocore_classes,
    failures,
)
from .calls import Call, Job, Options, model_of
from .connection.conftest import Account
from .fake_aws import FakeAws
from .proxy.calls import CALLS as PROXY_CALLS
from .proxy.calls import GOES_ON as PROXY_GOES_ON
from .proxy.calls import REFUSED as PROXY_REFUSED
from .stub_clients import Stub
from .test_policy import SERVICES, called

ORDERS = {"db_instance_identifier": "orders"}
ABSENT = {"state": "absent", **ORDERS}
FUNCTION = r"function (\S+:)?f"
GROUP = r"security group sg-\w+"


def connect(account: Account) -> Options:
    return ORDERS


def take_back(account: Account) -> Options:
    present(account.aws, function_name="f", **ORDERS)
    return ABSENT


def take_back_from_shared(account: Account) -> Options:
    present(account.aws, function_name="f", security_group_scope="database", **ORDERS)
    return {"security_group_scope": "database", **ABSENT}


def tag_anew(account: Account) -> Options:
    present(account.aws, function_name="f", tags={"Team": "a"}, **ORDERS)
    return {"tags": {"Team": "b"}, **ORDERS}


def untag(account: Account) -> Options:
    present(account.aws, function_name="f", tags={"Team": "a"}, **ORDERS)
    return {"tags": {}, **ORDERS}


def publish(account: Account) -> Options:
    account.aws.add_version("f", 1)
    account.aws.add_alias("f", "live", "1")
    return {"publish": True, "alias": "live", **ORDERS}


def update_slowly(account: Account) -> Options:
    account.aws.update_status = "InProgress"
    return ORDERS


def choose_by_tags(account: Account) -> Options:
    account.aws.functions["f"]["Tags"] = {"team": "shop"}
    return {"function_name": None, "function_tags": {"team": "shop"}, **ORDERS}


def let_in_by_iam(account: Account) -> Options:
    account.aws.instances["orders"]["DbiResourceId"] = "db-ORDERS"
    account.aws.functions["f"]["Role"] = "arn:aws:iam::123456789012:role/f-role"
    return {"db_users": ["report"], **ORDERS}


def no_longer_let_in_by_iam(account: Account) -> Options:
    present(account.aws, function_name="f", **let_in_by_iam(account))
    return {"db_users": ["report"], **ABSENT}


def connect_to_cluster(account: Account) -> Options:
    account.aws.add_cluster("shop", account.vpc, account.subnets, account.db)
    return {"db_cluster_identifier": "shop"}


def connect_by_hand(account: Account) -> Options:
    return account.by_ids


def connect_over_peering(account: Account) -> Options:
    vpc, _subnets = account.aws.add_vpc()
    account.aws.peerings.append((account.vpc, vpc))
    return {**account.by_ids, "rds_security_group_ids": [account.aws.add_group(vpc, "far")]}


def connect_to_crowded(account: Account) -> Options:
    """A group of the database has more rules than AWS's default quota, ours among them, so the own quota matters."""
    present(account.aws, function_name="f", tags={"Team": "a"}, **ORDERS)
    for number in range(60):
        account.aws.allow("ingress", account.db[0], f"10.8.{number}.0/24", 5432)
    return {"tags": {"Team": "b"}, **ORDERS}


CONNECTION = Job(Account, lambda **given: want(**{"function_name": "f", **given}), run, preview)


def _call(operation: str, doing: str, story: Callable[[Account], Options] = connect, after: str = "") -> Call:
    return Call(operation, doing, story, CONNECTION, after)


CALLS = [
    _call("GetFunction", "get function f"),
    _call("GetFunction", f"wait for the update of {FUNCTION}", update_slowly, "UpdateFunctionConfiguration"),
    _call("GetFunction", rf"wait for the update of {FUNCTION}:\d+", publish, "PublishVersion"),
    _call("ListVersionsByFunction", f"list versions of {FUNCTION}"),
    _call("ListFunctions", "list functions", take_back_from_shared),
    _call("ListAliases", f"list aliases of {FUNCTION}", publish),
    _call("GetResources", "get the functions with the tags that are asked for", choose_by_tags),
    _call("UpdateFunctionConfiguration", f"update the VPC configuration of {FUNCTION}"),
    _call("PublishVersion", f"publish a version of {FUNCTION}", publish),
    _call("UpdateAlias", rf"move alias live of {FUNCTION} to version \d+", publish),
    _call("DescribeDBInstances", "describe database instance orders"),
    _call("DescribeDBClusters", "describe database cluster shop", connect_to_cluster),
    _call("DescribeDBSubnetGroups", "describe DB subnet group shop", connect_to_cluster),
    _call("DescribeSecurityGroups", "describe security groups"),
    _call("DescribeSecurityGroupRules", "describe security group rules"),
    _call("DescribeSecurityGroupRules", "describe security group rules", after="CreateSecurityGroup"),
    _call("DescribeSubnets", "describe subnets", connect_by_hand),
    _call("DescribeVpcs", "describe VPCs"),
    _call("DescribeNetworkInterfaces", "describe network interfaces", take_back),
    _call("DescribeVpcPeeringConnections", "describe VPC peering connections", connect_over_peering),
    _call("GetServiceQuota", "", connect_to_crowded),
    _call("CreateSecurityGroup", r"create security group f-lambda-sg in vpc-\w+"),
    _call("AuthorizeSecurityGroupEgress", f"authorize egress on {GROUP}"),
    _call("AuthorizeSecurityGroupIngress", f"authorize ingress on {GROUP}"),
    _call("RevokeSecurityGroupEgress", f"revoke egress on {GROUP}"),
    _call("RevokeSecurityGroupIngress", f"revoke ingress on {GROUP}", take_back),
    _call("DeleteSecurityGroup", f"delete {GROUP}", take_back),
    _call("GetRolePolicy", r"get the inline policy \S+ of role f-role", let_in_by_iam),
    _call("PutRolePolicy", r"put the inline policy \S+ on role f-role", let_in_by_iam),
    _call("GetAccountAuthorizationDetails", r"list the roles with an inline policy \S+", no_longer_let_in_by_iam),
    _call("DeleteRolePolicy", r"delete the inline policy \S+ from role f-role", no_longer_let_in_by_iam),
    _call("CreateTags", r"tag sgr?-\w+", tag_anew),
    _call("DeleteTags", r"remove tags from sgr?-\w+", untag),
    *PROXY_CALLS,
]
# What is no failure of these: there is no such thing, or it is gone already, or held, or may not be read.
GOES_ON = {
    "DeleteSecurityGroup": {"InvalidGroup.NotFound", "DependencyViolation", "InvalidGroup.InUse"},
    "ListVersionsByFunction": {"ResourceNotFoundException"},
    "GetRolePolicy": {"NoSuchEntity"},
    "DeleteRolePolicy": {"NoSuchEntity"},
    "GetAccountAuthorizationDetails": {
        "AccessDenied",
        "AccessDeniedException",
        "NotAuthorized",
        "UnauthorizedOperation",
    },
    **PROXY_GOES_ON,
}
REFUSED = {
    "GetFunction": {"ResourceNotFoundException": "no such function"},
    "ListAliases": {"ResourceNotFoundException": "the function f has no alias of that name"},
    "DescribeDBInstances": dict.fromkeys(("DBInstanceNotFound", "DBInstanceNotFoundFault"), "no such database"),
    "DescribeDBClusters": {"DBClusterNotFoundFault": "no such database"},
    "DescribeDBSubnetGroups": {"DBSubnetGroupNotFoundFault": "the database is not in a VPC"},
    **PROXY_REFUSED,
}
Row = Answer | Failure


class EndedError(Exception):
    pass


class Module:
    def __init__(self) -> None:
        self.endings: list[dict[str, Any]] = []

    def exit_json(self, **values: Any) -> None:
        self.endings.append(values)
        raise EndedError

    def fail_json(self, **values: Any) -> None:
        self.endings.append({"failed": True, **values})
        raise EndedError


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture(autouse=True)
def _no_pauses_and_no_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(outcome, "warn", lambda _text: None)


class Meeting:
    """A call, ready to meet one error after the other: each time the account is as the story left it."""

    def __init__(self, call: Call) -> None:
        account = call.job.account()
        self.call, self.kind = call, type(account.aws)
        self.wanted = call.job.wanted(**call.story(account))
        kept = {each.name: getattr(account.aws, each.name) for each in fields(self.kind)}
        self.kept = pickle.dumps({**kept, "calls": [], "numbers": []})

    def world(self) -> FakeAws:
        world: FakeAws = self.kind(**{**pickle.loads(self.kept), "numbers": itertools.count(1000)})
        return world

    def _known(self, table: dict[str, Any]) -> Any:
        """What a table says of this very call, else of its operation."""
        return table.get(str(self.call), table.get(self.call.operation, {}))

    def problems(self, row: Row) -> Iterator[str]:
        """What is wrong with how the module meets an error, in words."""
        stub = Stub(self.world(), self.call.operation, row.error(self.call.operation), self.call.after)
        ending, pauses = end(stub, self.wanted, self.call.job.run)
        operation, code, message = self.call.operation, getattr(row, "code", ""), ending.get("msg", "")
        if not stub.met:
            yield "the call was not made"
        elif operation == "GetServiceQuota" or code in self._known(GOES_ON):
            if "failed" in ending:
                yield f"it failed: {message}"
        elif code in self._known(REFUSED):
            if self._known(REFUSED)[code] not in message:
                yield f"it was not refused: {message}"
        else:
            yield from _problems(self.call, row, message, bool(stub.world.written()))
            again = row.conflict and not self.call.reads
            # The first look at an update comes after some seconds.
            expected = list(BACKOFF) if again else [2.5] if self.call.story is update_slowly else []
            # On a busy machine a part of a pause is over when it begins.
            if [ceil(pause * 2) / 2 for pause in pauses] != expected or stub.met != (len(BACKOFF) if again else 0) + 1:
                yield f"it was tried {stub.met} times, with the pauses {pauses}"


def end(stub: Stub, wanted: Any, way: Callable[..., dict[str, Any]] = run) -> tuple[dict[str, Any], list[float]]:
    """How the module ends, and the pauses that it made before."""
    module, pauses = Module(), list[float]()
    with pytest.raises(EndedError), outcome.exit_module(module) as run_outcome:
        run_outcome.result = way(wanted, stub.aws(), **({} if way.__name__ == "preview" else {"sleep": pauses.append}))
    (ending,) = module.endings
    return ending, pauses


def _problems(call: Call, row: Row, message: str, written: bool) -> Iterator[str]:
    start = re.match(f"Could not {call.doing}: ", message)
    rest = message[start.end() :] if start else message
    if start is None or not rest.startswith(row.text):
        yield f"it does not say what was done, and what AWS said: {message}"
    elif row.words not in rest.removeprefix(row.text):
        yield f"the remedy lacks {row.words!r}: {message}"
    told = {
        "Written before: ": written,
        "Perhaps written, the answer was lost: ": row.lost
        and not call.operation.startswith(("Describe", "Get", "List")),
    }
    for words, expected in told.items():
        if (words in message) != expected:
            yield f"{words!r} is {'missing' if expected else 'wrong'}: {message}"
    last = "Running the task again completes it." if any(told.values()) else "Nothing was changed."
    if not message.endswith(last) or len(message.splitlines()) != 1:
        yield f"the end is wrong: {message}"


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_every_error_ends_in_one_message(call: Call, record_property: Callable[[str, object], None]) -> None:
    rows: list[Row] = [*answers_of(call.service, call.operation), *failures(at_first=call in (CALLS[0], CALLS[1]))]
    meeting = Meeting(call)
    wrong = [f"{row.text}{problem}" for row in rows for problem in meeting.problems(row)]
    assert wrong == []
    record_property("errors of calls covered", len(rows))


def test_every_call_is_covered() -> None:
    """What only a verdict is made from ends in findings: reachability/test_reads.py."""
    looking = (called("ec2_path_calls.py") - called("ec2_calls.py")) | {"iam:SimulatePrincipalPolicy"}
    assert {f"{SERVICES[call.service]}:{call.operation}" for call in CALLS} == called() - looking


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_no_error_of_botocores_model_is_missing(call: Call) -> None:
    shapes = model_of(call.service).operation_model(call.operation).error_shapes
    modelled = {shape.error_code or shape.name for shape in shapes}
    assert modelled <= {row.code for row in answers_of(call.service, call.operation)}


def test_no_exception_of_botocore_is_missing() -> None:
    assert {name for name, _kind in botocore_classes()} - BOTOCORE.keys() - NOT_OURS == set()


@pytest.mark.parametrize("shape", ["LastUpdateStatusReasonCode", "StateReasonCode"])
def test_no_reason_of_a_failed_update_is_missing(shape: str) -> None:
    for code in model_of("lambda").shape_for(shape).enum:
        words = REASONS[code.partition(".")[0]]
        for configuration in ({shape: code, "State": "Failed"}, {shape: code, "LastUpdateStatus": "Failed"}):
            assert words in str(update_failed("f", configuration, "the waiter said so"))


@pytest.mark.parametrize("call", [call for call in CALLS if call.reads and not call.after], ids=str)
def test_check_mode_ends_in_the_same_message(call: Call) -> None:
    meeting, row, ways = Meeting(call), Answer("ExpiredToken", ""), (call.job.preview, call.job.run)
    stubs = [Stub(meeting.world(), call.operation, row.error(call.operation)) for _way in range(2)]
    foretold, happened = (end(stub, meeting.wanted, way)[0] for stub, way in zip(stubs, ways, strict=True))
    assert foretold.get("msg") == happened.get("msg")
    assert not stubs[0].world.written()


def vanishing(account: Account, after: str) -> Stub:
    """The function is deleted just before one of the calls."""
    stub = Stub(account.aws, "GetFunction", None)
    answer = stub._answer

    def vanish(operation: str, parameters: dict[str, Any]) -> Any:
        if operation == after:
            account.aws.functions.clear()
            raise Answer("ResourceNotFoundException", "").error(operation)
        return answer(operation, parameters)

    stub._answer = vanish  # type: ignore[method-assign]
    return stub


def test_a_function_that_is_deleted_before_its_update_is_refused_with_what_was_written(account: Account) -> None:
    stub = vanishing(account, "UpdateFunctionConfiguration")
    message = end(stub, want(function_name="f", **ORDERS))[0]["msg"]
    assert re.match(r"function_name \(f\): no such function .* Written before: create security group", message)


def test_the_connection_of_a_function_that_is_deleted_meanwhile_is_taken_back(account: Account) -> None:
    before = account.aws.snapshot()
    options = take_back(account)
    stub = vanishing(account, "UpdateFunctionConfiguration")
    ending, pauses = end(stub, want(function_name="f", **options))
    assert ending["changed"]
    assert pauses == [0.5]
    assert account.aws.snapshot() == {**before, "functions": {}}


def test_an_update_that_fails_is_one_message(account: Account) -> None:
    options = update_slowly(account)
    failed = {"LastUpdateStatus": "Failed", "LastUpdateStatusReasonCode": "EniLimitExceeded"}
    real, answers = account.aws.get_function, itertools.chain([dict[str, str]()], itertools.repeat(failed))
    account.aws.get_function = lambda name: {**(real(name) or {}), **next(answers)}  # type: ignore[method-assign]
    message = end(Stub(account.aws), want(function_name="f", **options))[0]["msg"]
    assert re.match(r"Could not update function \S+:f, which keeps .*: EniLimitExceeded: .* L-9FEE3D26", message)
