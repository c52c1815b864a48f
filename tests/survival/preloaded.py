# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Imported by the process that forks the runs: what they all need is loaded once."""

from __future__ import annotations

import gc
from typing import Any

import boto3
import pytest

from ansible_collections.cloudops.lambda_rds.tests import botocore_models
from ansible_collections.cloudops.lambda_rds.tests.survival import runner

# pytest, because a fork imports what was the program of the tests' process.
__all__ = ["pytest", "runner"]

botocore_models.share()
for _service in ("ec2", "iam", "lambda", "rds", "service-quotas"):
    _make: Any = boto3.session.Session("nobody", "secret", region_name="eu-central-1").client
    _client = _make(_service)
    # A client reads how lists are paged when it is first asked for one.
    _client.can_paginate(next(iter(_client.meta.method_to_api_mapping)))
# What is loaded stays: a fork that looked for garbage among it would copy it.
gc.freeze()
