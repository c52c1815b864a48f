# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags as AWS takes them."""

from __future__ import annotations

from typing import Any


def tag_list(tags: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def named(kind: str, name: str) -> Any:
    return [{"ResourceType": kind, "Tags": tag_list({"Name": name})}]
