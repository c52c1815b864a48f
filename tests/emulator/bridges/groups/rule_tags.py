# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CreateTags refuses a security group rule that is not there, or no longer."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.responses.tags import TagResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(TagResponse, "create_tags")
    def create_tags(original: Any, self: Any) -> Any:
        known = {
            rule.id
            for group in self.ec2_backend.describe_security_groups()
            for rule in group.ingress_rules + group.egress_rules
        }
        for resource_id in self._get_param("Resources", []):
            if resource_id.startswith("sgr-") and resource_id not in known:
                raise InvalidSecurityGroupRuleIdNotFoundError(resource_id)
        return original(self)
