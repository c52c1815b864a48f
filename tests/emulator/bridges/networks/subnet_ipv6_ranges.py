# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeSubnets returns the state of an IPv6 range as a word; moto prints the object that holds it."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.subnets import Subnet

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_property


def install() -> None:
    @replaces_property(Subnet, "ipv6_cidr_block_association_set")
    def ranges(self: Any) -> list[dict[str, Any]]:
        return [
            {
                "ipv6CidrBlock": association["ipv6CidrBlock"],
                "associationId": association["associationId"],
                "ipv6CidrBlockState": {"state": association["ipv6CidrBlockState"]["State"]},
            }
            for association in self.ipv6_cidr_block_associations.values()
            if association["ipv6CidrBlockState"]["State"] == "associated"
        ]
