# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SETTINGS.refused_updates: updates of these functions answer an error, and nothing is changed.

With `failing_updates` they are taken, and fail later.
"""

from __future__ import annotations

from typing import Any

import botocore.session
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

# Not in Lambda's service model, as every service has it.
STATUSES = {"AccessDeniedException": 403}


AFTER = ("function_revisions",)


def install() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    errors = model.operation_model("UpdateFunctionConfiguration").error_shapes
    statuses = STATUSES | {error.name: int(error.metadata["error"]["httpStatusCode"]) for error in errors}

    @replaces_method(LambdaBackend, "update_function_configuration")
    def updated(original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        function = self.get_function(name, qualifier)
        code = SETTINGS.refused_updates.get(function.function_name)
        if code is None:
            return original(self, name, qualifier, body)
        error: Exception = LambdaClientError(code, f"{function.function_arn} is refused by the emulator's settings")
        error.code = statuses[code]  # type: ignore[attr-defined]  # moto's, of HTTP
        raise error
