# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a plan to AWS: the only place where anything of a proxy is written. PRIVATE to the collection."""

from __future__ import annotations

from .._aws import Aws
from .._connection.changes import DeleteGroup
from .._connection.group_writer import GroupWriter
from .changes import (
    Change,
    CreateProxy,
    DeleteProxy,
    DeregisterTarget,
    ModifyPool,
    ModifyProxy,
    RegisterTarget,
    TagProxy,
    UntagProxy,
    settings_of,
)
from .doubt import is_done
from .from_aws import pool_to, settings_to
from .parameters import Want
from .state import Proxy, ProxyState
from .steps import Plan
from .waits import ProxyWaits


class ProxyWriter(GroupWriter[ProxyState, Change]):
    """Applies plans in order."""

    def __init__(self, want: Want, aws: Aws, waits: ProxyWaits) -> None:
        super().__init__(aws)
        self._wait = want.wait
        self._waits = waits
        self._appearing = ""
        self._leaving = ""

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        :raises StuckError: the proxy does not become available
        :raises TimedOutError: wait_timeout is over
        """
        self.pending = []
        for change in plan.changes:
            self._settle()
            self._try(change, plan.before)
        self._settle()

    def _settle(self) -> None:
        """What follows a change of the proxy itself waits until AWS has made it. Without wait nothing follows."""
        appearing, self._appearing = self._appearing, ""
        leaving, self._leaving = self._leaving, ""
        if self._wait and appearing:
            self._waits.until_available(appearing)
        if self._wait and leaving:
            self._waits.until_gone(leaving)

    def _is_done(self, change: Change, state: ProxyState) -> bool:
        return is_done(change, state)

    def _write(self, change: Change, before: ProxyState) -> bool:
        if isinstance(change, CreateProxy):
            self._create(change.proxy)
        elif isinstance(change, ModifyProxy):
            settings = {**change.settings, **self._groups(change.settings)}
            self._aws.modify_proxy(change.before.name, settings_to(settings, "SecurityGroups"))
            self._appearing = change.before.name
        elif isinstance(change, ModifyPool):
            self._aws.modify_proxy_pool(change.proxy_name, pool_to(change.settings))
        elif isinstance(change, RegisterTarget):
            self._aws.register_proxy_target(change.proxy_name, change.database.kind, change.database.value)
        elif isinstance(change, DeregisterTarget):
            self._aws.deregister_proxy_target(change.proxy_name, change.database.kind, change.database.value)
        elif isinstance(change, DeleteProxy):
            self._aws.delete_proxy(change.proxy.name)
            self._leaving = change.proxy.name
        elif isinstance(change, (TagProxy, UntagProxy)):
            self._retag(change)
        else:
            return self._write_group(change, before)
        return True

    def _create(self, proxy: Proxy) -> None:
        settings = settings_of(proxy)
        settings.update(self._groups(settings))
        sent = settings_to(settings, "VpcSecurityGroupIds")
        if sent["DefaultAuthScheme"] == "NONE":
            # AWS's default, which older versions of boto3 do not know by name.
            del sent["DefaultAuthScheme"]
        self._aws.create_proxy(proxy.name, proxy.engine_family, proxy.subnet_ids, sent, proxy.tags)
        self._appearing = proxy.name

    def _groups(self, settings: dict[str, object]) -> dict[str, object]:
        groups = settings.get("security_group_ids")
        return {"security_group_ids": [self._id(group) for group in groups]} if isinstance(groups, tuple) else {}

    def _retag(self, change: TagProxy | UntagProxy) -> None:
        arn = change.proxy.arn or ""
        if isinstance(change, TagProxy):
            self._aws.tag_proxy(arn, change.tags)
        else:
            self._aws.untag_proxy(arn, change.keys)

    def _release(self, change: DeleteGroup) -> None:
        if change.release:
            self._waits.for_release(change.group.id)
