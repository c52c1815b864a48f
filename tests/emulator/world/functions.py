# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lambda functions. They are never run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, Literal

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.roles import make_role


def make_function(
    clients: Clients,
    name: str,
    *,
    package: Literal["Image", "Zip"] = "Zip",
    subnet_ids: Sequence[str] = (),
    group_ids: Sequence[str] = (),
    **settings: Any,
) -> str:
    """A Lambda function, outside any VPC unless subnets and groups are given; its ARN. It is never run.

    Without Role among the settings it has the role `<name>-role`.
    """
    code: dict[str, Any] = (
        {"PackageType": "Image", "Code": {"ImageUri": f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/{name}:1"}}
        if package == "Image"
        else {
            "PackageType": "Zip",
            "Code": {"ZipFile": _zip("def handler(event, context):\n    return event\n")},
            "Handler": "handler.handler",
            "Runtime": "python3.13",
        }
    )
    if subnet_ids or group_ids:
        settings["VpcConfig"] = {"SubnetIds": subnet_ids, "SecurityGroupIds": group_ids}
    if "Role" not in settings:
        settings["Role"] = make_role(clients, f"{name}-role")
    return clients.functions.create_function(FunctionName=name, **code, **settings)["FunctionArn"]


def _zip(source: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        # A fixed date, so that the same source has the same digest.
        package.writestr(zipfile.ZipInfo("handler.py", (2026, 1, 1, 0, 0, 0)), source)
    return archive.getvalue()
