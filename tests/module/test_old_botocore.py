# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every module refuses a botocore that may not know Ipv6AllowedForDualStack, before its first call."""

from __future__ import annotations

import sys
from typing import Any

import botocore
import pytest

from ansible_collections.cloudops.lambda_rds.plugins.modules import (
    lambda_rds_cleanup,
    lambda_rds_connection,
    lambda_rds_connection_info,
    rds_db_proxy,
    rds_db_proxy_info,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.module.conftest import _runner

CONNECTION = {"function_name": "f", "db_instance_identifier": "orders"}
PROXY = {
    "name": "pool",
    "db_instance_identifier": "orders",
    "auth": [{"secret_arn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-a1b2c3"}],
}


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("module", "options"),
    [
        (lambda_rds_cleanup, {}),
        (lambda_rds_connection, CONNECTION),
        (lambda_rds_connection_info, CONNECTION),
        (rds_db_proxy, {**PROXY, "role_arn": "arn:aws:iam::123456789012:role/pool"}),
        (rds_db_proxy_info, {}),
    ],
)
def test_a_module_fails_with_one_message_before_its_first_call(
    module: Any,
    options: dict[str, Any],
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(botocore, "__version__", "1.31.0")
    failed = _runner(module.main, capsys)(**options)
    assert failed["failed"]
    assert failed["msg"] == (
        "botocore 1.31.0 is too old: this collection needs 1.34.0 or newer, because older versions may not know"
        " Ipv6AllowedForDualStack, a part of a Lambda function's VPC configuration. Install a newer version:"
        f" {sys.executable} -m pip install 'botocore>=1.34.0' 'boto3>=1.34.0'. Nothing was changed."
    )
    assert emulator.calls() == []
