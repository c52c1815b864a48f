# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An access key of twelve digits is the account: a play over several accounts needs no STS."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import BaseResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Also where the emulator is to be plain moto: it makes no difference that a test could see.
PLAIN = True


def install() -> None:
    @replaces_method(BaseResponse, "get_current_account")
    def get_current_account(original: Any, self: Any) -> Any:
        key = re.search(r"Credential=(\d{12})/", self.headers.get("Authorization", ""))
        return key[1] if key else original(self)
