# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a proxy connects to: one instance, or one cluster and with it each of its members.

As https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-proxy-targets.html#examples and
https://docs.aws.amazon.com/cli/latest/reference/rds/register-db-proxy-targets.html#examples show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.rds.exceptions import RDSClientError
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import (
    refuse_unless_available,
    the_proxy,
    the_target_group,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_registrations import (
    CLUSTER,
    INSTANCE,
    Registration,
    check_registration,
    instances_of,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_target_health import (
    NOT_THERE,
    REGISTERING,
    role_of_target,
    watched,
)

Target = dict[str, Any]


def install() -> None:
    @replaces_method(RDSResponse, "register_db_proxy_targets")
    def register_db_proxy_targets(_original: Any, self: Any) -> Any:
        proxy, group = _addressed(self)
        refuse_unless_available(proxy)
        wanted = _named(self)
        check_registration(proxy, group, wanted)
        group.targets += wanted
        targets = [target for each in wanted for target in _registering(proxy, each)]
        return ActionResult({"DBProxyTargets": targets})

    @replaces_method(RDSResponse, "describe_db_proxy_targets")
    def describe_db_proxy_targets(_original: Any, self: Any) -> Any:
        proxy, group = _addressed(self)
        return ActionResult({"Targets": [target for each in group.targets for target in _described(proxy, each)]})

    @replaces_method(RDSResponse, "deregister_db_proxy_targets")
    def deregister_db_proxy_targets(_original: Any, self: Any) -> Any:
        proxy, group = _addressed(self)
        refuse_unless_available(proxy)
        for each in (wanted := _named(self)):
            if each not in group.targets:
                message = f"The proxy {proxy.db_proxy_name} is not associated with {each.identifier}."
                raise RDSClientError("DBProxyTargetNotFoundFault", message)
        group.targets = [each for each in group.targets if each not in wanted]
        return EmptyResult()


def _addressed(request: Any) -> tuple[Any, Any]:
    proxy = the_proxy(request.backend, request.params["DBProxyName"])
    return proxy, the_target_group(proxy, request.params.get("TargetGroupName"))


def _named(request: Any) -> list[Registration]:
    clusters = request.params.get("DBClusterIdentifiers") or []
    instances = request.params.get("DBInstanceIdentifiers") or []
    return [
        *(Registration(CLUSTER, identifier.lower()) for identifier in clusters),
        *(Registration(INSTANCE, identifier.lower()) for identifier in instances),
    ]


def _registering(proxy: Any, registration: Registration) -> Iterator[Target]:
    health = {"TargetHealth": REGISTERING.as_answer()}
    if registration.kind == CLUSTER:
        cluster = proxy.backend.clusters[registration.identifier]
        yield {**_cluster(registration.identifier, cluster.port), **health}
    for instance in instances_of(proxy.backend, registration):
        yield {**_instance(instance.db_instance_identifier, instance.endpoint), **health}


def _described(proxy: Any, registration: Registration) -> Iterator[Target]:
    identifier = registration.identifier
    if registration.kind == INSTANCE:
        yield _described_instance(proxy, identifier)
        return
    cluster = proxy.backend.clusters.get(identifier)
    if cluster is None:
        yield {**_cluster(identifier, 0), "TargetHealth": NOT_THERE.as_answer()}
        return
    yield _cluster(identifier, cluster.port)
    for instance in instances_of(proxy.backend, registration):
        member = instance.db_instance_identifier
        yield {**_described_instance(proxy, member), "TrackedClusterId": identifier}


def _described_instance(proxy: Any, identifier: str) -> Target:
    watch, instance = watched(proxy, identifier), proxy.backend.databases.get(identifier)
    endpoint = (instance and instance.endpoint) or watch.endpoint
    return {
        **_instance(identifier, endpoint),
        "Role": role_of_target(instance, watch.health),
        "TargetHealth": watch.health.as_answer(),
    }


def _cluster(identifier: str, port: int) -> Target:
    return {"RdsResourceId": identifier, "Port": port, "Type": CLUSTER}


def _instance(identifier: str, endpoint: dict[str, Any]) -> Target:
    return {
        "Endpoint": endpoint["Address"],
        "RdsResourceId": identifier,
        "Port": endpoint["Port"],
        "Type": INSTANCE,
    }
