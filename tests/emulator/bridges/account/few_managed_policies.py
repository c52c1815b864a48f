# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of AWS's managed policies an account has those for Lambda's roles: all of them would make each reset slow."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Also where the emulator is to be plain moto: it makes no difference that a test could see.
PLAIN = True


def install() -> None:
    everything = json.loads(aws_managed_policies_data)
    policies = {name: policy for name, policy in everything.items() if name.startswith("AWSLambda")}

    @replaces_method(IAMBackend, "_init_aws_policies")
    def _init_aws_policies(_original: Any, self: Any) -> list[Any]:
        return [
            AWSManagedPolicy.from_data(name, self.account_id, self.region_name, policy)
            for name, policy in policies.items()
        ]
