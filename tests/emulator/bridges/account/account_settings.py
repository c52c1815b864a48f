# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GetAccountSettings: how many functions an account has in the Region, and the code that they may have together.

The limits are the defaults of https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html.
"""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.responses import LambdaResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import adds_method

MIB = 1024**2
LIMITS = {
    "TotalCodeSize": 75 * 1024 * MIB,
    "CodeSizeUnzipped": 250 * MIB,
    "CodeSizeZipped": 50 * MIB,
    "ConcurrentExecutions": 1000,
}


def install() -> None:
    @adds_method(LambdaResponse, "get_account_settings")
    def get_account_settings(self: Any) -> str:
        functions = list(self.backend.list_functions())
        versions = list(self.backend.list_functions("ALL"))
        reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
        unreserved = LIMITS["ConcurrentExecutions"] - reserved
        usage = {"TotalCodeSize": sum(version.code_size for version in versions), "FunctionCount": len(functions)}
        return json.dumps(
            {"AccountLimit": {**LIMITS, "UnreservedConcurrentExecutions": unreserved}, "AccountUsage": usage}
        )
