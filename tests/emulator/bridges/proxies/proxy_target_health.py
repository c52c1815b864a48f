# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health of what a proxy connects to follows the account.

It is REGISTERING, waits for the proxy's capacity, and is then what rules, secrets and databases make it: changes of
these show after SETTINGS.proxy_health_seconds, in either direction. SETTINGS.failing_proxy_targets has the last word.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from moto.ec2.responses import EC2Response
from moto.iam.responses import IamResponse
from moto.rds.models import DBProxy, rds_backends
from moto.rds.responses import RDSResponse
from moto.secretsmanager.responses import SecretsManagerResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_credentials import can_be_read
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_paths import is_open
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_registrations import instances_of
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import READS
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

# AWS documents the first, users report the second and the third, and nobody the last, which is made up:
# https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-proxy-targets.html#examples
DESCRIPTIONS = {
    "PENDING_PROXY_CAPACITY": "DBProxy Target is waiting for proxy to scale to desired capacity",
    "AUTH_FAILURE": "Proxy does not have any registered credentials",
    "": "DBProxy Target unavailable due to an internal error",
    "UNREACHABLE": "DBProxy Target cannot be reached over the network",
}


@dataclass(frozen=True)
class Health:
    state: str
    reason: str = ""

    def as_answer(self) -> dict[str, str]:
        described = {"Reason": self.reason, "Description": DESCRIPTIONS.get(self.reason, DESCRIPTIONS[""])}
        said = {"State": self.state} | (described if self.state == "UNAVAILABLE" else {})
        return {key: value for key, value in said.items() if value}


REGISTERING = Health("REGISTERING")
WAITING = Health("UNAVAILABLE", "PENDING_PROXY_CAPACITY")
AVAILABLE = Health("AVAILABLE")
NOT_THERE = Health("UNAVAILABLE")


@dataclass
class Watch:
    """The health of one instance as the proxy shows it, and as it is (`actual`); None in the first two phases."""

    proxy: Any
    identifier: str
    endpoint: dict[str, Any]
    shown: Health = REGISTERING
    actual: Health | None = None

    @property
    def health(self) -> Health:
        failing = SETTINGS.failing_proxy_targets
        forced = failing.get(self.identifier, failing.get(self.proxy.db_proxy_name))
        return self.shown if forced is None or self.actual is None else Health("UNAVAILABLE", forced)


# What a proxy reaches depends on the network interfaces.
AFTER = (
    "lambda_interfaces",
    "proxy_interfaces",
    "proxy_target_groups",
)


def install() -> None:
    @replaces_method(DBProxy, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.watches = {}

    for service in (EC2Response, IamResponse, RDSResponse, SecretsManagerResponse):

        @replaces_method(service, "call_action")
        def call_action(original: Any, self: Any) -> Any:
            answer = original(self)
            if not self._get_action().startswith(READS):
                settle(self.current_account)
            return answer


def settle(account_id: str) -> None:
    """Update the health of all targets of an account's proxies."""
    for rds in list(rds_backends[account_id].values()):
        for proxy in rds.db_proxies.values():
            registrations = proxy.proxy_target_groups["default"].targets
            instances = [each for registration in registrations for each in instances_of(rds, registration)]
            _watch(proxy, instances, {registration.identifier for registration in registrations})
            for identifier, watch in proxy.watches.items():
                _update(watch, rds.databases.get(identifier))


def watched(proxy: Any, identifier: str) -> Watch:
    watch: Watch = proxy.watches[identifier]
    return watch


def role_of_target(instance: Any, health: Health) -> str:
    """Unknown until the proxy has been there."""
    if instance is None or health.reason not in ("", "AUTH_FAILURE") or health in (NOT_THERE, REGISTERING):
        return "UNKNOWN"
    return "READ_WRITE" if getattr(instance, "is_cluster_writer", not instance.is_replica) else "READ_ONLY"


def _watch(proxy: Any, instances: list[Any], registered: set[str]) -> None:
    """Of what was registered an instance stays that is gone; of a cluster its members."""
    there = {instance.db_instance_identifier: instance for instance in instances}
    for identifier in [each for each in proxy.watches if each not in there and each not in registered]:
        del proxy.watches[identifier]
    for identifier, instance in there.items():
        if identifier not in proxy.watches:
            watch = proxy.watches[identifier] = Watch(proxy, identifier, instance.endpoint)
            CLOCK.later(SETTINGS.proxy_register_seconds, functools.partial(_wait_for_capacity, watch, identifier))


def _wait_for_capacity(watch: Watch, identifier: str) -> None:
    watch.shown = WAITING
    CLOCK.later(SETTINGS.proxy_capacity_seconds, functools.partial(_has_capacity, watch, identifier))


def _has_capacity(watch: Watch, identifier: str) -> None:
    watch.shown = watch.actual = _evaluate(watch.proxy, watch.proxy.backend.databases.get(identifier))


def _update(watch: Watch, instance: Any) -> None:
    now = _evaluate(watch.proxy, instance)
    if watch.actual not in (None, now):
        watch.actual = now
        CLOCK.later(SETTINGS.proxy_health_seconds, functools.partial(_show, watch, now))


def _show(watch: Watch, actual: Health) -> None:
    if watch.actual == actual:
        watch.shown = actual


def _evaluate(proxy: Any, instance: Any) -> Health:
    if instance is None or instance.status in ("creating", "deleting", "stopped"):
        return NOT_THERE
    if not is_open(proxy, instance):
        return Health("UNAVAILABLE", "UNREACHABLE")
    return AVAILABLE if can_be_read(proxy) else Health("UNAVAILABLE", "AUTH_FAILURE")
