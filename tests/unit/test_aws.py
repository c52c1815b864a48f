# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What boto3 raises becomes an error of ours; the calls themselves are tested against the emulator (tests/module)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, WaiterError

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    HeldError,
    LambdaRdsError,
    TimedOutError,
)


class Client:
    """Raises the same whatever is asked of it."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        if name == "get_waiter":
            return lambda _name: self
        return self._raise

    def _raise(self, **_options: Any) -> None:
        raise self.error


def aws(error: Exception) -> Aws:
    made = Aws(None)
    made.__dict__["_lambda"] = made.__dict__["_ec2"] = Client(error)
    return made


def answer(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def waited(**configuration: str) -> WaiterError:
    last: Any = {"Configuration": configuration}
    return WaiterError("function_updated_v2", "Max attempts exceeded", last)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            EndpointConnectionError(endpoint_url="x"),
            AwsError,
            "Could not wait for the update of function f: EndpointConn",
        ),
        (answer("ExpiredTokenException"), AwsError, "Renew the credentials and run the task again."),
        (waited(LastUpdateStatus="InProgress"), TimedOutError, "still being updated after 3 seconds"),
        (
            waited(LastUpdateStatus="Failed", LastUpdateStatusReasonCode="EniLimitExceeded"),
            AwsError,
            "EniLimitExceeded: Waiter function_updated_v2 failed",
        ),
    ],
)
def test_a_wait_ends_in_one_message(error: Exception, kind: type[LambdaRdsError], message: str) -> None:
    with pytest.raises(kind) as caught:
        aws(error).wait_until_updated("f", 3)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answer("PreconditionFailedException"), ConflictError),
        (answer("InvalidParameterValueException", "EC2 Error Code: InvalidGroup.NotFound"), ConflictError),
        (answer("DependencyViolation"), HeldError),
        (answer("InvalidParameterValueException"), AwsError),
    ],
)
def test_what_moves_on_is_told_from_what_fails(error: Exception, kind: type[AwsError]) -> None:
    with pytest.raises(AwsError) as caught:
        aws(error).update_vpc_config("f", [], [], ipv6=False, revision_id="1")
    assert caught.value.__class__ is kind
