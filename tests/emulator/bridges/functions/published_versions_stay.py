# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A published version never changes, its number is not given again, and nothing is published twice."""

from __future__ import annotations

import copy
import re
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction, LambdaStorage

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_revisions import revise
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# What differs between two versions of the same code and configuration.
OF_ONE_VERSION = re.compile(r"FunctionArn|LastModified|LastUpdate.*|RevisionId|State.*|Version")


AFTER = ("refused_updates",)


def install() -> None:
    for request in ("update_function_configuration", "update_function_code"):

        @replaces_method(LambdaBackend, request)
        def updated(original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
            self.get_function(name, qualifier)  # or there is no such function
            if _qualifier(name):
                raise InvalidParameterValueException(
                    "This operation is permitted on Lambda functions only. Aliases and versions do not support this"
                    " operation. Please specify either a function name or an unqualified function ARN."
                )
            return original(self, name, qualifier, body)

    @replaces_method(LambdaFunction, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.last_published = 0
        self.content_published = {}

    @replaces_method(LambdaStorage, "publish_version")
    def published(_original: Any, self: Any, name: str, description: str = "") -> Any:
        latest = self.get_function_by_name_or_arn_with_qualifier(name)
        published = self._get_version(latest.function_name, str(latest.last_published))
        if published is not None and latest.content_published == _content(latest):
            return published
        latest.last_published += 1
        latest.content_published = _content(latest)
        version = _publish(latest, description)
        self._functions[latest.function_name]["versions"].append(version)
        self._arns[version.function_arn] = version
        revise(latest)
        return version


def _qualifier(name: str) -> str:
    """The version or alias after a name or an ARN."""
    return re.sub(r"^.*function:", "", name).partition(":")[2]


def _content(function: Any) -> dict[str, Any]:
    configuration = function.get_configuration()
    return {key: value for key, value in configuration.items() if not OF_ONE_VERSION.fullmatch(key)}


def _publish(latest: Any, description: str) -> Any:
    version = copy.copy(latest)
    version.code = dict(latest.code)
    version.description = description or latest.description
    version.set_version(latest.last_published)
    return version
