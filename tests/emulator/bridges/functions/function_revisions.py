# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function carries a RevisionId: new when an update starts, and again when it ends; checked when sent.

Each published version has its own.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import PreconditionFailedException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.utils import iso_8601_datetime_with_nanoseconds

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("function_vpc_config",)


def install() -> None:
    # set_version is what moto calls on the copy that becomes a published version.
    for changing in ("__init__", "set_version"):

        @replaces_method(LambdaFunction, changing)
        def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            revise(self)

    for updating in ("update_configuration", "update_function_code"):

        @replaces_method(LambdaFunction, updating)
        def updated(original: Any, self: Any, updates: Any) -> Any:
            original(self, updates)
            revise(self)
            return self.get_configuration()

    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        return {**original(self, *args, **kwargs), "RevisionId": self.revision_id}

    for request in ("update_function_configuration", "update_function_code"):

        @replaces_method(LambdaBackend, request)
        def checked(original: Any, self: Any, function_name: str, qualifier: Any, body: dict[str, Any]) -> Any:
            refuse_another_revision(body, self.get_function(function_name, qualifier).revision_id)
            return original(self, function_name, qualifier, body)

    @replaces_method(LambdaResponse, "publish_version")
    def publish_version(original: Any, self: Any) -> Any:
        function_name = unquote(self.path.split("/")[-2])
        refuse_another_revision(self.json_body, self.backend.get_function(function_name).revision_id)
        return original(self)


def refuse_another_revision(body: dict[str, Any], current: str) -> None:
    if body.get("RevisionId", current) != current:
        raise PreconditionFailedException(
            "The Revision Id provided does not match the latest Revision Id. "
            "Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
        )


def revise(function: Any) -> None:
    function.revision_id = str(uuid.uuid4())
    function.last_modified = iso_8601_datetime_with_nanoseconds()
