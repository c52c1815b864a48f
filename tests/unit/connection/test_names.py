# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import (
    DatabaseName,
    FunctionName,
    read_endpoint,
    read_function_name,
)

ACCOUNT = "123456789012"
ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:my-function"
CHINA = ARN.replace("aws", "aws-cn")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("my-function", FunctionName("my-function", "my-function")),
        ("f" * 64, FunctionName("f" * 64, "f" * 64)),
        ("function:my-function", FunctionName("my-function", "function:my-function")),
        ("123456789012:function:f", FunctionName("f", "123456789012:function:f", account=ACCOUNT)),
        (ARN, FunctionName("my-function", ARN, "eu-west-1", account=ACCOUNT)),
        (CHINA, FunctionName("my-function", CHINA, "eu-west-1", account=ACCOUNT)),
        (f"{ARN}:3", FunctionName("my-function", f"{ARN}:3", "eu-west-1", "3", ACCOUNT)),
        ("f:live", FunctionName("f", "f:live", None, "live")),
        ("f:$LATEST", FunctionName("f", "f:$LATEST", None, "$LATEST")),
    ],
)
def test_a_function_is_named_by_name_or_arn(given: str, expected: FunctionName) -> None:
    assert read_function_name(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "f" * 65,
        "my function",
        "a:b:c",
        "arn:aws:lambda:eu-west-1:my-function",
        "arn:aws:s3:::bucket",
        "12345:function:f",
    ],
)
def test_anything_else_is_not_a_function(given: str) -> None:
    assert read_function_name(given) is None


@pytest.mark.parametrize(
    ("host", "kind", "value"),
    [
        ("orders.abc123.eu-west-1.rds.amazonaws.com", "instance", "orders"),
        ("Orders.ABC123.eu-west-1.rds.amazonaws.com.", "instance", "orders"),
        ("orders.abc123.cn-north-1.rds.amazonaws.com.cn", "instance", "orders"),
        ("orders.cluster-abc123.eu-west-1.rds.amazonaws.com", "cluster", "orders"),
        ("orders.cluster-ro-abc123.eu-west-1.rds.amazonaws.com", "cluster", "orders"),
        ("orders.proxy-abc123.eu-west-1.rds.amazonaws.com", "proxy", "orders"),
    ],
)
def test_the_form_of_an_endpoint_tells_the_database(host: str, kind: str, value: str) -> None:
    found = read_endpoint(host)
    assert (found.kind, found.value, found.endpoint) == (kind, value, host.lower().rstrip("."))
    assert found.key == f"{kind}/{value}"


@pytest.mark.parametrize(
    "host", ["reports.cluster-custom-abc.eu-west-1.rds.amazonaws.com", "db.example.com", "localhost"]
)
def test_other_endpoints_have_to_be_looked_for(host: str) -> None:
    assert read_endpoint(host) == DatabaseName("hostname", host, host)


def test_a_database_is_shown_in_words() -> None:
    assert DatabaseName("instance", "orders").text == "instance orders"
    assert DatabaseName("ids", "vpc-1").text == "the database groups in vpc-1"
