# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function carries a RevisionId: new after each update, its own in each published version, checked when sent."""

from __future__ import annotations

import uuid
from typing import Any

from moto.awslambda.exceptions import PreconditionFailedException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.utils import iso_8601_datetime_with_nanoseconds

from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method


def install() -> None:
    # set_version is what moto calls on the copy that becomes a published version.
    for changing in ("__init__", "set_version"):

        @replaces_method(LambdaFunction, changing)
        def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            _revise(self)

    for updating in ("update_configuration", "update_function_code"):

        @replaces_method(LambdaFunction, updating)
        def updated(original: Any, self: Any, updates: Any) -> Any:
            original(self, updates)
            _revise(self)
            return self.get_configuration()

    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        return {**original(self, *args, **kwargs), "RevisionId": self.revision_id}

    for request in ("update_function_configuration", "update_function_code"):

        @replaces_method(LambdaBackend, request)
        def checked(original: Any, self: Any, function_name: str, qualifier: Any, body: dict[str, Any]) -> Any:
            current = self.get_function(function_name, qualifier).revision_id
            if body.get("RevisionId", current) != current:
                raise PreconditionFailedException(
                    "The Revision Id provided does not match the latest Revision Id. "
                    "Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
                )
            return original(self, function_name, qualifier, body)


def _revise(function: Any) -> None:
    function.revision_id = str(uuid.uuid4())
    function.last_modified = iso_8601_datetime_with_nanoseconds()
