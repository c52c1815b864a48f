# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The README's IAM policy names the actions that are called, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import botocore.session
from botocore import xform_name

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws import client

TOP = Path(__file__).resolve().parents[2]
SERVICES = {
    "ec2": "ec2",
    "iam": "iam",
    "lambda": "lambda",
    "rds": "rds",
    "service-quotas": "servicequotas",
    "resourcegroupstaggingapi": "tag",
}
# Lambda looks at the VPC's groups in the caller's name, and RDS wants the caller to be allowed to give it the role.
ASKED_FOR_BY_OTHERS = {"ec2:GetSecurityGroupsForVpc", "iam:PassRole"}
# Two services have an operation of that name; groups are EC2's, the tags of proxies RDS's.
NOT_CALLED = {"iam:CreateGroup", "iam:DeleteGroup", "servicequotas:ListTagsForResource"}


def called(files: str = "*_calls.py") -> set[str]:
    """The actions of the calls in these files."""
    here = Path(client.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in here.glob(files))
    source = re.sub(r"(\w+_)\{direction\}", r"\1ingress \1egress", source)
    words = set(re.findall(r"[a-z_0-9]+", source))
    session = botocore.session.get_session()
    found = {
        f"{prefix}:{operation}"
        for service, prefix in SERVICES.items()
        for operation in session.get_service_model(service).operation_names
        if xform_name(operation) in words
    }
    return found - NOT_CALLED


def test_the_policy_is_exactly_enough() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    policy = json.loads(readme.split("```json\n")[1].split("```")[0])
    granted = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert len(granted) == len(set(granted))
    assert set(granted) == called() | ASKED_FOR_BY_OTHERS
