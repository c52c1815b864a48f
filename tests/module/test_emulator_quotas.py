# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service Quotas, beside plain moto, which knows AWS's defaults of VPCs only."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails


@plain_moto_fails("has sixty rules a group, whatever is set, and no quota of Lambda and RDS")
@pytest.mark.parametrize(
    ("service", "code", "setting"),
    [
        ("vpc", "L-0EA8095F", "rules_per_group"),
        ("lambda", "L-9FEE3D26", "interfaces_per_vpc"),
        ("rds", "L-D94C7EA3", "proxies_per_region"),
    ],
)
def test_service_quotas_tells_the_quotas_that_hold(emulator: Emulator, service: str, code: str, setting: str) -> None:
    quotas = emulator.client("service-quotas")
    emulator.set(**{setting: 200})
    quota = quotas.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]
    assert (quota["ServiceCode"], quota["QuotaCode"], quota["Value"]) == (service, code, 200)


def test_there_is_no_other_quota(emulator: Emulator) -> None:
    quotas = emulator.client("service-quotas")
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        quotas.get_service_quota(ServiceCode="lambda", QuotaCode="L-00000000")
