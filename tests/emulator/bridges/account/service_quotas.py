# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service Quotas returns the quotas of SETTINGS: rules of a group, Lambda's interfaces in a VPC, proxies."""

from __future__ import annotations

from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

# By service and code: AWS's name for it, and the setting.
QUOTAS = {
    ("vpc", "L-0EA8095F"): ("Inbound or outbound rules per security group", "rules_per_group"),
    ("lambda", "L-9FEE3D26"): ("Elastic network interfaces per VPC", "interfaces_per_vpc"),
    ("rds", "L-D94C7EA3"): ("Proxies", "proxies_per_region"),
}


def install() -> None:
    @replaces_method(ServiceQuotasBackend, "get_service_quota")
    def get_service_quota(original: Any, self: Any, service_code: str, quota_code: str) -> dict[str, Any]:
        if (service_code, quota_code) not in QUOTAS:
            quota: dict[str, Any] = original(self, service_code, quota_code)
            return quota
        name, setting = QUOTAS[service_code, quota_code]
        described = {"ServiceCode": service_code, "QuotaCode": quota_code, "QuotaName": name, "Adjustable": True}
        return {**described, "Unit": "None", "Value": float(getattr(SETTINGS, setting))}
