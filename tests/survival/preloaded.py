# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Imported by the process that forks the runs: what they all need is loaded once.

Each run makes a new session, as it does in a process of its own; reading botocore's models takes it half a second.
"""

from __future__ import annotations

import functools
from typing import Any

import boto3
import pytest
from botocore.loaders import JSONFileLoader, Loader

from ansible_collections.cloudops.lambda_rds.tests.survival import runner

# pytest, because a fork imports what was the program of the tests' process.
__all__ = ["pytest", "runner"]

_read = functools.cache(JSONFileLoader().load_file)
JSONFileLoader.load_file = lambda _self, path: _read(path)  # type: ignore[method-assign,assignment]
_services = functools.cache(Loader().list_available_services)
Loader.list_available_services = lambda _self, type_name: _services(type_name)  # type: ignore[method-assign,assignment]
for _service in ("ec2", "lambda", "rds", "service-quotas"):
    _make: Any = boto3.session.Session("nobody", "secret", region_name="eu-central-1").client
    _make(_service)
