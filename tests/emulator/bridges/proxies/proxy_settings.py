# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a proxy are checked when it is created or modified, and returned with AWS's defaults.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.account.role_policies import (
    may_be_assumed_by,
    role_of,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import refuse_out_of_range

SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]+")
ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
PASSWORD_TYPES = {
    "MYSQL": "MYSQL_CACHING_SHA2_PASSWORD",
    "POSTGRESQL": "POSTGRES_SCRAM_SHA_256",
    "SQLSERVER": "SQL_SERVER_AUTHENTICATION",
}
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
SECRETS_PER_PROXY = 200


def check_settings(wanted: Mapping[str, Any]) -> None:
    """Those that stand for themselves."""
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html
    refuse_out_of_range("IdleClientTimeout", wanted.get("IdleClientTimeout"), 1, 28800)
    if (role_arn := wanted.get("RoleArn")) is not None:
        role = role_of(role_arn) if ROLE_ARN.fullmatch(role_arn) else None
        if role is None or not may_be_assumed_by(role, "rds.amazonaws.com"):
            raise InvalidParameterValue(
                f"The role {role_arn} does not exist or cannot be assumed by rds.amazonaws.com."
            )


def check_scheme(scheme: str, auth: Sequence[Any]) -> None:
    if scheme not in ("IAM_AUTH", "NONE"):
        raise InvalidParameterValue(f"Invalid value {scheme} for DefaultAuthScheme.")
    if scheme == "NONE" and not auth:
        raise InvalidParameterCombination("You must specify Auth unless DefaultAuthScheme is IAM_AUTH.")


def checked_auth(wanted: Sequence[Mapping[str, Any]], engine_family: str) -> list[dict[str, str]]:
    if len(wanted) > SECRETS_PER_PROXY:
        raise InvalidParameterValue(f"A proxy has at most {SECRETS_PER_PROXY} secrets.")
    return [_checked(item, engine_family) for item in wanted]


def _checked(item: Mapping[str, Any], engine_family: str) -> dict[str, str]:
    defaults = {
        "AuthScheme": "SECRETS",
        "SecretArn": "",
        "IAMAuth": "DISABLED",
        "ClientPasswordAuthType": PASSWORD_TYPES[engine_family],
    }
    checked = {key: item.get(key) or default for key, default in defaults.items()}
    if item.get("UserName"):
        raise InvalidParameterValue("Username must not be provided in UserAuthConfig")
    if not SECRET_ARN.fullmatch(checked["SecretArn"]):
        raise InvalidParameterValue(f"Invalid value {checked['SecretArn']} for SecretArn.")
    if checked["IAMAuth"] not in _iam_modes(engine_family) or checked["AuthScheme"] != "SECRETS":
        raise InvalidParameterValue(
            f"A proxy for {engine_family} cannot have IAMAuth {checked['IAMAuth']} with {checked['AuthScheme']}."
        )
    described = {"Description": item["Description"]} if item.get("Description") else {}
    return described | checked


def _iam_modes(engine_family: str) -> list[str]:
    return ["DISABLED", "REQUIRED", *(["ENABLED"] if engine_family == "SQLSERVER" else [])]
