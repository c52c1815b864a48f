# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The boto3 clients that build and read what stands in an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_rds import RDSClient

    from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator


class Clients:
    """The boto3 clients that build and read a world, each made when it is first used: that takes a while."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self._emulator = emulator

    @classmethod
    def of(cls, emulator: RunningEmulator) -> Clients:
        return cls(emulator)

    @property
    def ec2(self) -> EC2Client:
        client: EC2Client = self._emulator.client("ec2")
        return client

    @property
    def rds(self) -> RDSClient:
        client: RDSClient = self._emulator.client("rds")
        return client

    @property
    def functions(self) -> LambdaClient:
        client: LambdaClient = self._emulator.client("lambda")
        return client

    @property
    def iam(self) -> Any:
        return self._emulator.client("iam")

    @property
    def secrets(self) -> Any:
        return self._emulator.client("secretsmanager")
