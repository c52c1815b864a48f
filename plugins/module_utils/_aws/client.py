# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The only file that knows boto3: its sessions and clients, its waits and its exceptions. PRIVATE to the collection.

The calls themselves are in ``_aws_calls/``, a file a service.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from threading import Lock
from typing import Any

from ansible.module_utils.ansible_release import __version__
from ansible_collections.amazon.aws.plugins.module_utils.botocore import (
    botocore_at_least,
    gather_sdk_versions,
    get_aws_connection_info,
)

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports it

from .._errors import LambdaRdsError
from .._process.concurrency import MAX_WORKERS
from .._process.interrupts import STOP
from .account_calls import AccountCalls
from .ec2_calls import NetworkCalls
from .ec2_path_calls import PathCalls
from .errors import answered, not_answered, wait_failed
from .lambda_calls import LambdaCalls
from .rate_limits import Pace
from .rds_calls import RdsCalls

# The model of Lambda in 1.31.0 has no Ipv6AllowedForDualStack; 1.34.0 is the oldest version that is tested. amazon.aws
# may allow older ones.
_OLDEST_BOTOCORE = "1.34.0"
# Standard mode backs off when throttled and repeats what failed on the way:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
_MAX_ATTEMPTS = 6
# Threads share clients, which is safe, but not their making:
# https://docs.aws.amazon.com/boto3/latest/guide/resources.html#multithreading-and-multiprocessing
_MAKING = Lock()


@contextmanager
def _doing(what: str) -> Iterator[None]:
    try:
        yield
    except WaiterError:
        raise  # _wait says more
    except ClientError as error:
        raise answered(what, error.response, error.operation_name) from error
    # What botocore makes of an answer that is not one of AWS, and what it lets through when it looks for credentials.
    except (AttributeError, BotoCoreError, LookupError, OSError, ResponseParserError, TypeError, ValueError) as error:
        raise not_answered(what, error) from error


def _require_botocore() -> None:
    if not botocore_at_least(_OLDEST_BOTOCORE):
        found = gather_sdk_versions()["botocore_version"]
        raise LambdaRdsError(
            f"botocore {found} is too old: this collection needs {_OLDEST_BOTOCORE} or newer, because older versions"
            " may not know Ipv6AllowedForDualStack, a part of a Lambda function's VPC configuration."
            f" Install a newer version: {sys.executable} -m pip install"
            f" 'botocore>={_OLDEST_BOTOCORE}' 'boto3>={_OLDEST_BOTOCORE}'."
        )


class Aws(LambdaCalls, RdsCalls, NetworkCalls, PathCalls, AccountCalls):
    """AWS through an ``AnsibleAWSModule``'s clients, each made when it is first needed.

    ``request_pace`` is the share of AWS's request limits that calls may take (_pace.py).

    :raises LambdaRdsError: botocore is too old
    """

    def __init__(self, module: Any, request_pace: float = 1.0) -> None:
        _require_botocore()
        self._module = module
        self._request_pace = request_pace

    def _doing(self, what: str) -> AbstractContextManager[None]:
        return _doing(what)

    @cached_property
    def _pace(self) -> Pace:
        return Pace(self._request_pace)

    def seconds_for_updates(self, number: int) -> float:
        """How long so many updates of functions take by what Lambda allows now."""
        return self._pace.seconds_for("lambda.UpdateFunctionConfiguration", number)

    @cached_property
    def _ec2(self) -> Any:
        return self._client("ec2")

    @cached_property
    def _lambda(self) -> Any:
        return self._client("lambda")

    @cached_property
    def _rds(self) -> Any:
        return self._client("rds")

    @cached_property
    def _iam(self) -> Any:
        return self._client("iam")

    @cached_property
    def _tagging(self) -> Any:
        return self._client("resourcegroupstaggingapi")

    @cached_property
    def _quotas(self) -> Any:
        return self._client("service-quotas")

    def _client(self, service: str) -> Any:
        with _doing(f"connect to {service}"), _MAKING:
            try:
                client = self._new_client(service)
            except TypeError as error:  # the option of Config that there is not
                raise ValueError(f"aws_config: {error}") from error
            self._pace.watch(service, client)
            return client

    @cached_property
    def _new_client(self) -> Callable[..., Any]:
        """Makes clients of one session, with the connection as amazon.aws reads it from options and environment.

        ``AnsibleAWSModule.client`` makes a session for each, which reads botocore's endpoint data again: 0.1 s each.
        """
        region, endpoint_url, options = get_aws_connection_info(self._module)
        config = Config(
            user_agent=f"APN/1.0 Ansible/{__version__} cloudops.lambda_rds",
            retries={"mode": "standard", "max_attempts": _MAX_ATTEMPTS},
            max_pool_connections=MAX_WORKERS,
        ).merge(options.pop("aws_config", Config()))
        session = boto3.session.Session(profile_name=options.pop("profile_name", None))
        session.events.register("before-call", STOP.raise_if_interrupted)
        return partial(session.client, region_name=region, endpoint_url=endpoint_url, config=config, **options)

    def _wait(self, waiter: str, name: str, timeout: int) -> None:
        delay = 1
        try:
            with self._doing(f"wait for the update of function {name}"):
                self._lambda.get_waiter(waiter).wait(
                    FunctionName=name, WaiterConfig={"Delay": delay, "MaxAttempts": max(1, timeout // delay)}
                )
        except WaiterError as error:
            raise wait_failed(name, timeout, error.last_response, str(error)) from error
