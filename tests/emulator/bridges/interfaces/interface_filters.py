# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeNetworkInterfaces: an interface matches the filter group-id when any of its groups matches any value."""

from __future__ import annotations

import fnmatch
from typing import Any

from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    # moto finds an interface by several values only where they are all of its groups, or all of them are its groups.
    @replaces_method(EC2Backend, "get_all_network_interfaces")
    def get_all_network_interfaces(original: Any, self: Any, eni_ids: Any = None, filters: Any = None) -> Any:
        others = dict(filters or {})
        patterns = others.pop("group-id", None)
        interfaces = original(self, eni_ids, others)
        if patterns is None:
            return interfaces
        attached = {group.id for interface in interfaces for group in interface.group_set}
        asked = {group for group in attached if any(fnmatch.fnmatchcase(group, pattern) for pattern in patterns)}
        return [interface for interface in interfaces if any(group.id in asked for group in interface.group_set)]
