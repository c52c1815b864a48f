# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update is InProgress for SETTINGS.update_seconds; then it is Successful, or Failed and all is as before.

Until then nothing else can be changed or published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.exceptions import JsonRESTError

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions import inactive_functions
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_revisions import revise
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_states import (
    ACTIVE,
    UPDATING,
    refuse_unless_settled,
    update_failed,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.lambda_interfaces import (
    cannot_make,
    settle,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

# A request passes the last bridge first: what it may not do is refused before anything is changed.
AFTER = ("function_states",)


def install() -> None:
    # set_version is what moto calls on the copy that becomes a published version.
    for changing in ("__init__", "set_version"):

        @replaces_method(LambdaFunction, changing)
        def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            # While an update is InProgress: what it replaces, so the function has the interfaces of both ...
            self.previous_vpc_config = None
            # ... or what an update asks for that will fail, so that there will be no interfaces of this one.
            self.failing_vpc_config = None

    @replaces_method(LambdaBackend, "update_function_configuration")
    def configured(_original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        function = self.get_function(name, qualifier)
        refuse_unless_settled(function)
        wanted = body.get("VpcConfig")
        reason = _why_it_will_fail(function, wanted or {})
        if reason is not None:
            function.failing_vpc_config = wanted
            body = {key: value for key, value in body.items() if key != "VpcConfig"}
        _update(function, lambda: function.update_configuration(body), reason)
        return function.get_configuration()

    @replaces_method(LambdaBackend, "update_function_code")
    def coded(_original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        function = self.get_function(name, qualifier)
        refuse_unless_settled(function)
        if not body.get("DryRun"):
            _update(function, lambda: function.update_function_code(body), _why_it_will_fail(function, {}))
        if body.get("Publish"):
            function = self._lambdas.publish_version(name)
        return function.get_configuration()

    @replaces_method(LambdaBackend, "publish_version")
    def published(original: Any, self: Any, name: str, description: str = "") -> Any:
        refuse_unless_settled(self.get_function(name))
        return original(self, name, description)


def _why_it_will_fail(function: Any, vpc_config: dict[str, Any]) -> str | None:
    """The reason code, known beforehand."""
    reason = SETTINGS.failing_updates.get(function.function_name)
    return reason or cannot_make(function.account_id, function.region, vpc_config)


def _update(function: Any, change: Callable[[], Any], reason: str | None) -> None:
    before = {**vars(function), "code": dict(function.code)}
    function.previous_vpc_config = function._vpc_config
    try:
        change()
    except JsonRESTError:
        vars(function).update(before, failing_vpc_config=None)
        raise
    # Only what the update has changed: until it fails, the function may be tagged, for one.
    undo = {name: value for name, value in before.items() if vars(function)[name] is not value}
    inactive_functions.wake(function)
    function.states = UPDATING
    if SETTINGS.update_seconds > 0:
        CLOCK.later(SETTINGS.update_seconds, lambda: _complete(function, reason, undo))
        settle(function.account_id, function.region, function._vpc_config, function.previous_vpc_config)
    else:
        _complete(function, reason, undo)


def _complete(function: Any, reason: str | None, undo: dict[str, Any]) -> None:
    reason = reason or cannot_make(function.account_id, function.region, function._vpc_config or {})
    configs = (function._vpc_config, function.previous_vpc_config)
    if reason is not None:
        vars(function).update(undo)
    function.states = ACTIVE if reason is None else update_failed(reason)
    function.previous_vpc_config = function.failing_vpc_config = None
    revise(function)
    settle(function.account_id, function.region, *configs)
