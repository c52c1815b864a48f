# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a proxy gets its credentials: each of its secrets is there, and its role may read and decrypt it.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
"""

from __future__ import annotations

from typing import Any

from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.account.role_policies import may, role_of

# Everybody in the account may use this one through Secrets Manager.
AWS_MANAGED_KEY = "alias/aws/secretsmanager"


def can_be_read(proxy: Any) -> bool:
    role = role_of(proxy.role_arn)
    return role is not None and all(_can_be_read(role, item["SecretArn"]) for item in proxy.auth)


def _can_be_read(role: Any, arn: str) -> bool:
    _arn, _partition, _service, region, account, _resource = arn.split(":", 5)
    # Not by moto's look-up, which takes a new secret for an old one of the same name.
    secrets = secretsmanager_backends[account][region].secrets.values()
    secret = next((each for each in secrets if each.arn == arn and not each.is_deleted()), None)
    if secret is None or not may(role, "secretsmanager:GetSecretValue", arn, {}):
        return False
    return secret.kms_key_id in (None, AWS_MANAGED_KEY) or _can_be_decrypted(role, secret)


def _can_be_decrypted(role: Any, secret: Any) -> bool:
    kms = kms_backends[secret.account_id][secret.region]
    key = kms.keys.get(kms.any_id_to_key_id(secret.kms_key_id))
    context = {"kms:ViaService": f"secretsmanager.{secret.region}.amazonaws.com"}
    return key is not None and may(role, "kms:Decrypt", key.arn, context)
