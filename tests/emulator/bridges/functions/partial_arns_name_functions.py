# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A partial ARN (123456789012:function:NAME, function:NAME) names a function; moto sees a qualifier in it."""

from __future__ import annotations

import re
from typing import Any

from moto.awslambda.models import LambdaStorage

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

PARTIAL_ARN = re.compile(r"(?:\d{12}:)?function:")


def install() -> None:
    @replaces_method(LambdaStorage, "get_function_by_name_or_arn_with_qualifier")
    def found(original: Any, self: Any, name_or_arn: str, qualifier: str | None = None) -> Any:
        start = PARTIAL_ARN.match(name_or_arn)
        return original(self, name_or_arn[start.end() :] if start else name_or_arn, qualifier)
