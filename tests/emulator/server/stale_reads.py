# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For SETTINGS.stale_seconds after a write, reads show the service as it was before, and a new group is not yet there.

EC2 is eventually consistent: https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import Answer, Next, Request, error_answer
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

BACKENDS: dict[str, Any] = {"ec2": ec2_backends, "lambda": lambda_backends, "rds": rds_backends}
GROUP_ID = re.compile(r"sg-[0-9a-f]+")

Place = tuple[str, str, str]


class StaleReads:
    """A layer in front of moto, which keeps a copy of the service from before each write of these seconds."""

    def __init__(self) -> None:
        self._copies: dict[Place, list[tuple[float, Any]]] = {}

    def reset(self) -> None:
        self._copies.clear()

    def __call__(self, request: Request, go_on: Next) -> Answer:
        if SETTINGS.stale_seconds <= 0 or request.service not in BACKENDS:
            return go_on(request)
        place = (request.service, request.account, request.region)
        if request.is_read:
            with _showing(place, self._shown(place)):
                return go_on(request)
        if unseen := self._unseen_groups(request):
            return _no_such_group(request.service, unseen[0])
        backend = BACKENDS[request.service][request.account][request.region]
        self._copies.setdefault(place, []).append((CLOCK.now(), copy.deepcopy(backend)))
        return go_on(request)

    def _shown(self, place: Place) -> Any:
        """The service as reads see it; None where nothing was written lately."""
        oldest = CLOCK.now() - SETTINGS.stale_seconds
        copies = self._copies[place] = [copied for copied in self._copies.get(place, ()) if copied[0] > oldest]
        return copies[0][1] if copies else None

    def _unseen_groups(self, request: Request) -> list[str]:
        """The groups that a write names and that are there, but too new to be seen by all of AWS."""
        shown = self._shown(("ec2", request.account, request.region))
        if shown is None:
            return []
        actual = ec2_backends[request.account][request.region]
        return [
            group_id
            for group_id in sorted(set(GROUP_ID.findall(request.body.decode())))
            if actual.get_security_group_from_id(group_id) is not None
            and shown.get_security_group_from_id(group_id) is None
        ]


@contextmanager
def _showing(place: Place, shown: Any) -> Iterator[None]:
    if shown is None:
        yield
        return
    service, account, region = place
    regions = BACKENDS[service][account]
    actual = regions[region]
    regions[region] = shown
    try:
        yield
    finally:
        regions[region] = actual


def _no_such_group(service: str, group_id: str) -> Answer:
    message = f"The security group '{group_id}' does not exist"
    if service == "lambda":
        said = (
            "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound."
            f" EC2 Error Message: {message}"
        )
        return error_answer(service, "400 Bad Request", "InvalidParameterValueException", said)
    if service == "rds":
        said = f"Invalid security group , groupId= {group_id}, groupName=."
        return error_answer(service, "400 Bad Request", "InvalidParameterValue", said)
    return error_answer(service, "400 Bad Request", "InvalidGroup.NotFound", message)
