# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.rate_limits import Bucket, Pace, Rates


@dataclass
class FakeTime:
    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def test_the_first_calls_do_not_wait_and_the_next_come_at_the_rate(time: FakeTime) -> None:
    bucket = Bucket(Rates(2, 4), time.now)
    assert [bucket.take() for _call in range(5)] == [0, 0, 0.25, 0.5, 0.75]
    time.at = 10
    assert [bucket.take() for _call in range(3)] == [0, 0, 0.25]


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200), st.floats(1, 20), st.floats(0.5, 50))
def test_no_second_has_more_calls_than_allowed(pauses: list[float], size: float, refill: float) -> None:
    time = FakeTime()
    bucket = Bucket(Rates(size, refill), time.now)
    calls = []
    for pause in pauses:
        time.at += pause
        calls.append(time.at + bucket.take())
    calls.sort()
    for first, begin in enumerate(calls):
        for last in range(first, len(calls)):
            assert last - first + 1 <= size + (calls[last] - begin) * refill + 1 + 1e-6


def test_a_refusal_slows_down_once_for_all_that_were_under_way(time: FakeTime) -> None:
    bucket = Bucket(Rates(5, 10), time.now)
    bucket.refused()
    bucket.refused()
    assert bucket.refill == pytest.approx(7)
    assert bucket.take() > 1
    time.at = 2
    bucket.refused()
    assert bucket.refill < 7


def test_it_becomes_as_fast_again_as_it_was(time: FakeTime) -> None:
    bucket = Bucket(Rates(1, 10), time.now)
    for _refusal in range(20):
        bucket.refused()
        time.at += 2
    assert bucket.refill == pytest.approx(2)
    for _call in range(100):
        time.at += bucket.take()
    assert bucket.refill == pytest.approx(10)


class Answers:
    """What is sent over the wire, answered here."""

    def __init__(self, statuses: list[int], body: bytes) -> None:
        self.statuses = statuses
        self.body = body
        self.sent = 0

    def __call__(self, **_request: Any) -> AWSResponse:
        status = self.statuses[self.sent] if self.sent < len(self.statuses) else 200
        self.sent += 1
        headers = HTTPHeaders()
        if status == 429:
            headers["x-amzn-errortype"] = "TooManyRequestsException"
        return AWSResponse("https://lambda", status, headers, _Raw(self.body))


@dataclass
class _Raw:
    body: bytes

    def stream(self, **_how: object) -> list[bytes]:
        return [self.body]


def client(service: str, pace: Pace, statuses: list[int] | None = None) -> tuple[Any, Answers]:
    keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "example"}
    made = boto3.session.Session().client(service, region_name="eu-central-1", **keys)  # type: ignore[call-overload]
    pace.watch(service, made)
    empty = {"lambda": b"{}", "rds": b"<r><DescribeDBInstancesResult/></r>", "ec2": b"<r/>"}
    answers = Answers(statuses or [], empty[service])
    made.meta.events.register_last("before-send", answers)
    return made, answers


@pytest.mark.parametrize(
    ("service", "call", "arguments", "burst"),
    [
        ("lambda", "list_functions", {}, 8),
        ("lambda", "get_function", {"FunctionName": "f"}, 80),
        ("ec2", "delete_security_group", {"GroupId": "sg-1"}, 40),
        ("ec2", "create_tags", {"Resources": ["sg-1"], "Tags": [{"Key": "a", "Value": "b"}]}, 80),
    ],
)
def test_calls_wait_for_their_own_bucket(
    time: FakeTime, service: str, call: str, arguments: dict[str, Any], burst: int
) -> None:
    made, answers = client(service, Pace(1, time.now, time.sleep))
    for _call in range(burst):
        getattr(made, call)(**arguments)
    assert time.slept == []
    getattr(made, call)(**arguments)
    assert len(time.slept) == 1
    assert answers.sent == burst + 1


def test_reads_of_ec2_and_other_services_do_not_wait(time: FakeTime) -> None:
    pace = Pace(1, time.now, time.sleep)
    made, _answers = client("ec2", pace)
    rds, _answers = client("rds", pace)
    for _call in range(200):
        made.describe_security_groups()
        rds.describe_db_instances()
    assert time.slept == []


def test_what_botocore_repeats_waits_too_and_slows_down(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    pace = Pace(1, time.now, time.sleep)
    made, answers = client("lambda", pace, [429, 429])
    allowed = pace.seconds_for("lambda.UpdateFunctionConfiguration", 100)
    made.update_function_configuration(FunctionName="f")
    assert answers.sent == 3
    assert time.slept != []
    assert pace.seconds_for("lambda.UpdateFunctionConfiguration", 100) > allowed * 1.3


def test_what_is_not_limited_takes_no_time() -> None:
    assert Pace().seconds_for("ec2.DescribeVpcs", 1000) == 0


def test_a_share_leaves_the_rest_to_others(time: FakeTime) -> None:
    made, _answers = client("lambda", Pace(0.5, time.now, time.sleep))
    for _call in range(5):
        made.list_functions()
    assert len(time.slept) == 1
    all_of_it, half = (Pace(share).seconds_for("lambda.UpdateFunctionConfiguration", 100) for share in (1, 0.5))
    assert half == pytest.approx(2 * all_of_it)


@pytest.mark.parametrize("service", ["lambda", "ec2"])
def test_without_a_pace_nothing_waits(time: FakeTime, service: str) -> None:
    pace = Pace(0, time.now, time.sleep)
    made, answers = client(service, pace, [429])
    for _call in range(200):
        made.list_functions() if service == "lambda" else made.delete_security_group(GroupId="sg-1")
    assert answers.sent >= 200
    assert time.slept == []
    assert pace.seconds_for("lambda.UpdateFunctionConfiguration", 1000) == 0
