# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM policy that README.md prints, and the identity that gets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

USER = "runs-the-task"
README = Path(__file__).resolve().parents[2] / "README.md"


def printed_policy() -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(README.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0])
    return policy


def actions() -> list[str]:
    return [action for statement in printed_policy()["Statement"] for action in statement["Action"]]


def without(action: str) -> dict[str, Any]:
    """The policy that README.md prints, but for one action."""
    policy = printed_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [allowed for allowed in statement["Action"] if allowed != action]
    return policy


class Identity:
    """An IAM user that has one policy and nothing else."""

    def __init__(self, iam: Any) -> None:
        self._iam = iam
        iam.create_user(UserName=USER)
        key = iam.create_access_key(UserName=USER)["AccessKey"]
        self.options = {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}

    def may(self, policy: dict[str, Any]) -> None:
        self._iam.put_user_policy(UserName=USER, PolicyName="readme", PolicyDocument=json.dumps(policy))
