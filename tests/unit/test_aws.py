# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What boto3 raises becomes an error of ours; the calls themselves are tested against the emulator (tests/module)."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, WaiterError

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
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


def refused_to_wait(error: dict[str, str]) -> WaiterError:
    last: Any = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}
    return WaiterError("function_updated_v2", "An error occurred", last)


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
            waited(State="Pending", LastUpdateStatus="Successful"),
            TimedOutError,
            "LastUpdateStatus Successful, State Pe",
        ),
        (waited(State="Inactive"), TimedOutError, "LastUpdateStatus None, State Inactive"),
        (
            waited(LastUpdateStatus="Failed", LastUpdateStatusReasonCode="EniLimitExceeded"),
            AwsError,
            "EniLimitExceeded: Waiter function_updated_v2 failed",
        ),
        (
            refused_to_wait(
                {"Code": "AccessDeniedException", "Message": "not authorized to perform: lambda:GetFunction"}
            ),
            AwsError,
            "lambda:GetFunction Allow the action lambda:GetFunction to the identity that runs the task.",
        ),
        (refused_to_wait({"Code": "ResourceNotFoundException"}), ConflictError, "Check function_name"),
        (refused_to_wait({}), AwsError, "Could not wait for the update of function f: 403: no message The answer is"),
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


class Options:
    """What amazon.aws reads of a module."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.params = {"region": "eu-central-1", **given}


KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": "example"}
SSO = "[profile p]\nsso_start_url=https://x\nsso_region=eu-central-1\nsso_account_id=123456789012\nsso_role_name=r\n"
TOKEN = "[profile p]\nrole_arn=arn:aws:iam::123456789012:role/r\nweb_identity_token_file=/nonexistent/token\n"
PROFILE = {"profile": "p"}


@pytest.fixture
def _no_settings_of_this_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.usefixtures("_no_settings_of_this_host")
@pytest.mark.parametrize(
    ("given", "configuration", "message"),
    [
        ({}, "", "Could not get function f: NoCredentialsError: .* Give credentials"),
        ({"access_key": "AKIAEXAMPLE"}, "", "connect to lambda: PartialCredentialsError: .* together, or neither"),
        ({"profile": "nope"}, "", "connect to lambda: ProfileNotFound: .* Check the option profile"),
        ({"region": None, **KEYS}, "", "connect to lambda: NoRegionError: .* Set the option region"),
        ({"region": "not a Region", **KEYS}, "", "connect to lambda: InvalidRegionError: .* Check the option region"),
        ({"endpoint_url": "nonsense", **KEYS}, "", "connect to lambda: ValueError: .* Check endpoint_url"),
        (
            {"aws_config": {"nonsense": 1}, **KEYS},
            "",
            "lambda: ValueError: aws_config: .*'nonsense' Check endpoint_url, a",
        ),
        ({"aws_config": {"retries": {"mode": "x"}}, **KEYS}, "", "lambda: InvalidRetryModeError: .* Check aws_config"),
        ({}, "[profile p", "connect to lambda: ConfigParseError: .* Check aws_config, this host's AWS configuration"),
        (PROFILE, "[profile p]\ncredential_process=/nonexistent\n", "FileNotFoundError: .* .credential_process"),
        (PROFILE, "[profile p]\ncredential_process=echo x\n", "JSONDecodeError: .* .credential_process"),
        (PROFILE, "[profile p]\ncredential_process=false\n", "CredentialRetrievalError: .* credential_process"),
        (PROFILE, SSO, "Could not get function f: SSOTokenLoadError: .* .aws sso login"),
        (PROFILE, TOKEN, "Could not get function f: FileNotFoundError: .* web_identity_token_file"),
    ],
)
def test_what_is_wrong_on_this_host_is_one_message(
    given: dict[str, Any], configuration: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(configuration, encoding="utf-8")
    with pytest.raises(AwsError, match=message):
        Aws(Options(given)).get_function("f")


PAGE = b"<html><body><p>Log in<br></body></html>"
NOT_AWS = "check the option endpoint_url, and the proxies"
FAULT = "The fault is with AWS"


@functools.cache
def client(service: str) -> Any:
    once: Any = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    keys: Any = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "example"}
    return boto3.session.Session().client(service, region_name="eu-central-1", config=once, **keys)  # type: ignore[call-overload]


class Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_options: Any) -> list[bytes]:
        return [self.content]


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (200, PAGE, NOT_AWS),
        (200, PAGE.replace(b"<br>", b""), NOT_AWS),
        (200, b"", NOT_AWS),
        (200, b"null", NOT_AWS),
        (200, b"[]", NOT_AWS),
        (302, b"", NOT_AWS),
        (400, b"null", NOT_AWS),
        (400, b"<Response><Errors></Errors></Response>", NOT_AWS),
        (403, PAGE, NOT_AWS),
        (403, PAGE.replace(b"<br>", b""), NOT_AWS),
        (403, b"", NOT_AWS),
        (502, b"", FAULT),
        (503, PAGE, FAULT),
    ],
)
@pytest.mark.parametrize("service", ["ec2", "lambda", "rds"])
def test_an_answer_that_is_not_one_of_aws_is_one_message(service: str, status: int, content: bytes, words: str) -> None:
    made = Aws(None)
    made.__dict__["_new_client"] = client
    calls: dict[str, Callable[[], object]] = {
        "ec2": lambda: made.describe_vpcs(["vpc-1"]),
        "lambda": lambda: made.get_function("f"),
        "rds": made.describe_db_instances,
    }

    def answer(request: Any, **_options: Any) -> Any:
        return AWSResponse(request.url, status, HTTPHeaders(), Body(content))

    events = client(service).meta.events
    events.register("before-send", answer)
    try:
        with pytest.raises(AwsError) as caught:
            calls[service]()
    finally:
        events.unregister("before-send", answer)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
