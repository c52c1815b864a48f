# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rule that is copied together with its account belongs to the copy. moto's would show the tags of the original."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(SecurityGroupRule, "__deepcopy__")
    def copied(original: Any, self: Any, memo: dict[int, Any]) -> Any:
        rule = original(self, memo)
        rule.ec2_backend = memo.get(id(self.ec2_backend), self.ec2_backend)
        return rule
