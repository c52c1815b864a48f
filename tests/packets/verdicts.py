# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What lambda_rds_connection_info says, asked as Ansible asks it, in this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from unittest import mock

from ansible.module_utils.testing import patch_module_args

from ansible_collections.cloudops.lambda_rds.plugins.modules import lambda_rds_connection_info
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator


@dataclass(frozen=True)
class Said:
    """Whether a function reaches the instance; and of each cause, in whole or in part, its share of the connections."""

    reachable: bool
    shares: tuple[Fraction, ...]

    def agrees_with(self, failing: Fraction) -> bool:
        """Less than 1 in 100 is no more than a risk; causes may be about the same connections."""
        within = max(self.shares) <= failing <= sum(self.shares)
        return within and self.reachable is (failing < Fraction(1, 100))


def verdict_of(emulator: RunningEmulator, function_name: str, instance: str) -> bool:
    return verdicts_of(emulator, [function_name], instance)[function_name].reachable


def verdicts_of(emulator: RunningEmulator, function_names: Sequence[str], instance: str) -> dict[str, Said]:
    """What is said of each function's path to the instance."""
    options = {"function_names": list(function_names), "db_instance_identifier": instance}
    result = run(emulator, lambda_rds_connection_info.main, options)
    return {each["function_name"]: Said(each["reachable"], tuple(_shares(each))) for each in result["connections"]}


def _shares(connection: dict[str, Any]) -> Iterator[Fraction]:
    """But for what is no cause of its own."""
    for finding in connection["findings"]:
        if "share" in finding and finding["code"] != "some_pairs":
            yield Fraction(finding["share"])


def run(emulator: RunningEmulator, main: Callable[[], None], options: dict[str, Any]) -> dict[str, Any]:
    """What a module prints; it may not fail."""
    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, emulator.environment),
        contextlib.redirect_stdout(printed),
        patch_module_args(options),
        contextlib.suppress(SystemExit),
    ):
        main()
    result: dict[str, Any] = json.loads(printed.getvalue().strip().splitlines()[-1])
    assert not result.get("failed"), result["msg"]
    return result
