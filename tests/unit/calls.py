# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The calls of AWS that a module makes, each with a story in which it meets the call's errors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import botocore.session

from .test_policy import SERVICES

# What a story returns: the options of a task.
Options = dict[str, Any]


@functools.cache
def model_of(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@dataclass(frozen=True)
class Job:
    """A module: an account for it, its options read, the task itself, and what check mode makes of it."""

    account: Callable[[], Any]
    wanted: Callable[..., Any]
    run: Callable[..., dict[str, Any]]
    preview: Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """A call, what the module says that it was doing, how it comes to it, and after which other call."""

    operation: str
    doing: str
    story: Callable[[Any], Options]
    job: Job
    after: str = ""

    @property
    def service(self) -> str:
        return next(name for name in SERVICES if self.operation in model_of(name).operation_names)

    @property
    def reads(self) -> bool:
        return self.operation.startswith(("Describe", "Get", "List"))

    def __str__(self) -> str:
        return f"{self.operation}-after-{self.after}" if self.after else self.operation
