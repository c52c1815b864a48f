# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Aliases: a RevisionId that is new after each update and is checked, and lists in pages."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import LambdaAlias
from moto.awslambda.responses import LambdaResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_lists_are_short import one_page
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_revisions import (
    refuse_another_revision,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(LambdaAlias, "update")
    def updated(original: Any, self: Any, *args: Any) -> None:
        original(self, *args)
        self.revision_id = str(uuid.uuid4())

    @replaces_method(LambdaResponse, "update_alias")
    def update_alias(original: Any, self: Any) -> Any:
        function_name, _aliases, name = unquote(self.path).split("/")[-3:]
        refuse_another_revision(self.json_body, self.backend.get_alias(name, function_name).revision_id)
        return original(self)

    @replaces_method(LambdaResponse, "list_aliases")
    def list_aliases(_original: Any, self: Any) -> str:
        function_name = unquote(self.path).split("/")[-2]
        version = self.querystring.get("FunctionVersion", [None])[0]
        aliases = [alias.to_json() for alias in self.backend.list_aliases(function_name)]
        listed = [alias for alias in aliases if version in (None, alias["FunctionVersion"])]
        return json.dumps(one_page("Aliases", listed, self.querystring))
