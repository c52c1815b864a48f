# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of Lambda's state, for stale reads and checkpoints, finds its own functions by ARN.

moto finds them by weak references, and a copy of these refers to the functions of the original.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaStorage

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(LambdaStorage, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._arns = {}
