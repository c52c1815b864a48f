# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every error of every call ends in one message: what was being done, AWS's words, a remedy, and what was written.

The module runs as a whole, on boto3's clients; the rows are in aws_errors.py.
"""

from __future__ import annotations

import functools
import itertools
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import botocore.session
import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils import _outcome
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws_errors import update_failed
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.again import PAUSES
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.parameters import Want
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run

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
from .connection.conftest import Account
from .fake_aws import FakeAws
from .stub_clients import Stub
from .test_policy import SERVICES, called

ORDERS = {"db_instance_identifier": "orders"}
ABSENT = {"state": "absent", **ORDERS}
FUNCTION = r"function (\S+:)?f"
GROUP = r"security group sg-\w+"

# A story prepares the account, and returns the options of the task that meets the error.
Options = dict[str, Any]


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


def connect_to_cluster(account: Account) -> Options:
    account.aws.add_cluster("shop", account.vpc, account.subnets, account.db)
    return {"db_cluster_identifier": "shop"}


def connect_by_hand(account: Account) -> Options:
    return account.by_hand


def connect_over_peering(account: Account) -> Options:
    vpc, _subnets = account.aws.add_vpc()
    account.aws.peerings.append((account.vpc, vpc))
    return {**account.by_hand, "rds_security_group_ids": [account.aws.add_group(vpc, "far")]}


def connect_to_crowded(account: Account) -> Options:
    """A group of the database has so many rules that the quota matters, and still room for ours."""
    for number in range(57):
        account.aws.allow("ingress", account.db[0], f"10.8.{number}.0/24", 5432)
    return ORDERS


@functools.cache
def model_of(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@dataclass(frozen=True)
class Call:
    """A call of the module, what it says that it was doing, how the module comes to it, and after which other call."""

    operation: str
    doing: str
    story: Callable[[Account], Options] = connect
    after: str = ""

    @property
    def service(self) -> str:
        return next(name for name in SERVICES if self.operation in model_of(name).operation_names)

    @property
    def reads(self) -> bool:
        return self.operation.startswith(("Describe", "Get", "List"))

    def __str__(self) -> str:
        return f"{self.operation}-after-{self.after}" if self.after else self.operation


CALLS = [
    Call("GetFunction", "get function f"),
    Call("GetFunction", f"wait for the update of {FUNCTION}", update_slowly, "UpdateFunctionConfiguration"),
    Call("GetFunction", rf"wait for the update of {FUNCTION}:\d+", publish, "PublishVersion"),
    Call("ListVersionsByFunction", f"list versions of {FUNCTION}"),
    Call("ListFunctions", "list functions", take_back_from_shared),
    Call("ListAliases", f"list aliases of {FUNCTION}", publish),
    Call("UpdateFunctionConfiguration", f"update the VPC configuration of {FUNCTION}"),
    Call("PublishVersion", f"publish a version of {FUNCTION}", publish),
    Call("UpdateAlias", rf"move alias live of {FUNCTION} to version \d+", publish),
    Call("DescribeDBInstances", "describe database instance orders"),
    Call("DescribeDBClusters", "describe database cluster shop", connect_to_cluster),
    Call("DescribeDBSubnetGroups", "describe DB subnet group shop", connect_to_cluster),
    Call("DescribeSecurityGroups", "describe security groups"),
    Call("DescribeSecurityGroupRules", "describe security group rules"),
    Call("DescribeSecurityGroupRules", "describe security group rules", after="CreateSecurityGroup"),
    Call("DescribeSubnets", "describe subnets", connect_by_hand),
    Call("DescribeVpcs", "describe VPCs"),
    Call("DescribeNetworkInterfaces", "describe network interfaces", take_back),
    Call("DescribeVpcPeeringConnections", "describe VPC peering connections", connect_over_peering),
    Call("GetServiceQuota", "", connect_to_crowded),
    Call("CreateSecurityGroup", r"create security group f-lambda-sg in vpc-\w+"),
    Call("AuthorizeSecurityGroupEgress", f"authorize egress on {GROUP}"),
    Call("AuthorizeSecurityGroupIngress", f"authorize ingress on {GROUP}"),
    Call("RevokeSecurityGroupEgress", f"revoke egress on {GROUP}"),
    Call("RevokeSecurityGroupIngress", f"revoke ingress on {GROUP}", take_back),
    Call("DeleteSecurityGroup", f"delete {GROUP}", take_back),
    Call("CreateTags", r"tag sgr?-\w+", tag_anew),
    Call("DeleteTags", r"remove tags from sgr?-\w+", untag),
]
# What is no failure of these: there is no such thing, or it is gone already, or held, or may not be read.
GOES_ON = {
    "DeleteSecurityGroup": {"InvalidGroup.NotFound", "DependencyViolation", "InvalidGroup.InUse"},
    "ListVersionsByFunction": {"ResourceNotFoundException"},
}
REFUSED = {
    "GetFunction": {"ResourceNotFoundException": "no such function"},
    "ListAliases": {"ResourceNotFoundException": "the function f has no alias of that name"},
    "DescribeDBInstances": dict.fromkeys(("DBInstanceNotFound", "DBInstanceNotFoundFault"), "no such database"),
    "DescribeDBClusters": {"DBClusterNotFoundFault": "no such database"},
    "DescribeDBSubnetGroups": {"DBSubnetGroupNotFoundFault": "the database is not in a VPC"},
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
    monkeypatch.setattr(_outcome, "warn", lambda _text: None)


class Meeting:
    """A call, ready to meet one error after the other: each time the account is as the story left it."""

    def __init__(self, call: Call) -> None:
        account = Account()
        self.call = call
        self.wanted = want(function_name="f", **call.story(account))
        kept = {each.name: getattr(account.aws, each.name) for each in fields(FakeAws)}
        self.kept = pickle.dumps({**kept, "calls": [], "numbers": []})

    def world(self) -> FakeAws:
        return FakeAws(**{**pickle.loads(self.kept), "numbers": itertools.count(1000)})

    def problems(self, row: Row) -> Iterator[str]:
        """What is wrong with how the module meets an error, in words."""
        stub = Stub(self.world(), self.call.operation, row.error(self.call.operation), self.call.after)
        ending, pauses = end(stub, self.wanted)
        operation, code, message = self.call.operation, getattr(row, "code", ""), ending.get("msg", "")
        if not stub.met:
            yield "the call was not made"
        elif operation == "GetServiceQuota" or code in GOES_ON.get(operation, ()):
            if "failed" in ending:
                yield f"it failed: {message}"
        elif code in REFUSED.get(operation, {}):
            if REFUSED[operation][code] not in message:
                yield f"it was not refused: {message}"
        else:
            yield from _problems(self.call, row, message, bool(stub.world.written()))
            again = row.conflict and not self.call.reads
            # The first look at an update comes after a second.
            expected = list(PAUSES) if again else [1] if self.call.story is update_slowly else []
            if pauses != expected or stub.met != (len(PAUSES) if again else 0) + 1:
                yield f"it was tried {stub.met} times, with the pauses {pauses}"


def end(stub: Stub, wanted: Want, way: Callable[..., dict[str, Any]] = run) -> tuple[dict[str, Any], list[float]]:
    """How the module ends, and the pauses that it made before."""
    module, pauses = Module(), list[float]()
    with pytest.raises(EndedError), _outcome.reported(module) as outcome:
        outcome.result = way(wanted, stub.aws(), **({"sleep": pauses.append} if way is run else {}))
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


def test_every_call_of_the_one_file_is_covered() -> None:
    assert {f"{SERVICES[call.service]}:{call.operation}" for call in CALLS} == called()


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
    meeting, row = Meeting(call), Answer("ExpiredToken", "")
    stubs = [Stub(meeting.world(), call.operation, row.error(call.operation)) for _way in range(2)]
    foretold, happened = end(stubs[0], meeting.wanted, preview)[0], end(stubs[1], meeting.wanted)[0]
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
