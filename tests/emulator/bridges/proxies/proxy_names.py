# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of proxies and of their endpoints are checked.

Letters, digits and single hyphens, first a letter, last no hyphen, at most 63:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html
"""

from __future__ import annotations

import re

from moto.rds.exceptions import InvalidParameterValue

NAME = re.compile(r"[a-zA-Z](?:-?[a-zA-Z0-9])*")


def check_name(parameter: str, name: str) -> None:
    if len(name) > 63 or not NAME.fullmatch(name):
        raise InvalidParameterValue(
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; must contain"
            " only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive"
            " hyphens."
        )
