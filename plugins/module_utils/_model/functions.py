# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lambda functions with their versions and aliases, from Lambda's answers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

LATEST = "$LATEST"
# https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
MAX_SUBNETS = 16
MAX_GROUPS = 5


@dataclass(frozen=True)
class VpcConfig:
    """A function's attachment; both lists empty: not in a VPC."""

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    ipv6_allowed_for_dual_stack: bool = False

    @property
    def attached(self) -> bool:
        return bool(self.subnet_ids)

    def with_group(self, group_id: str) -> VpcConfig:
        if group_id in self.security_group_ids:
            return self
        return replace(self, security_group_ids=(*self.security_group_ids, group_id))


@dataclass(frozen=True)
class Version:
    """A published version: it keeps the attachment and the code with which it was published."""

    number: str
    vpc: VpcConfig = VpcConfig()
    code_sha256: str = ""

    def has_group_of(self, group_ids: Collection[str]) -> bool:
        return any(group_id in group_ids for group_id in self.vpc.security_group_ids)


@dataclass(frozen=True)
class Alias:
    """A name for a version. ``shares`` are the other versions that get a part of its calls."""

    name: str
    version: str
    revision_id: Optional[str] = None
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """A Lambda function's $LATEST. ``pending`` and ``updating``: AWS still works on it.

    ``versions`` and ``aliases`` are read only where they matter.
    """

    name: str
    arn: str
    vpc: VpcConfig = VpcConfig()
    revision_id: Optional[str] = None
    pending: bool = False
    updating: bool = False
    capacity_provider: Optional[str] = None
    code_sha256: str = ""
    role_arn: str = ""
    versions: tuple[Version, ...] = ()
    aliases: tuple[Alias, ...] = ()

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def newest(self) -> Optional[Version]:
        """The version that was published last: ``versions`` are in that order."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True)
class GroupUser:
    """A function version whose VPC configuration names a security group of ours."""

    function_name: str
    version: str
    group_ids: tuple[str, ...]
    aliases: tuple[str, ...] = ()


def function_from(configuration: Mapping[str, Any]) -> Function:
    """State and LastUpdateStatus are absent from ListFunctions; Inactive is settled
    (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html)."""
    vpc = configuration.get("VpcConfig") or {}
    provider = (configuration.get("CapacityProviderConfig") or {}).get("LambdaManagedInstancesCapacityProviderConfig")
    return Function(
        name=configuration["FunctionName"],
        arn=configuration["FunctionArn"],
        vpc=_vpc_config(vpc),
        revision_id=configuration.get("RevisionId"),
        pending=configuration.get("State") == "Pending",
        updating=configuration.get("LastUpdateStatus") == "InProgress",
        capacity_provider=(provider or {}).get("CapacityProviderArn"),
        code_sha256=configuration.get("CodeSha256", ""),
        role_arn=configuration.get("Role", ""),
    )


def _vpc_config(vpc: Mapping[str, Any]) -> VpcConfig:
    return VpcConfig(
        tuple(vpc.get("SubnetIds") or ()),
        tuple(vpc.get("SecurityGroupIds") or ()),
        bool(vpc.get("Ipv6AllowedForDualStack")),
    )


def version_from(configuration: Mapping[str, Any]) -> Version:
    vpc = _vpc_config(configuration.get("VpcConfig") or {})
    return Version(configuration["Version"], vpc, configuration.get("CodeSha256", ""))


def alias_from(alias: Mapping[str, Any]) -> Alias:
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return Alias(alias["Name"], alias["FunctionVersion"], alias.get("RevisionId"), tuple(sorted(weights)))


def group_user_from(configuration: Mapping[str, Any]) -> GroupUser:
    groups = _vpc_config(configuration.get("VpcConfig") or {}).security_group_ids
    return GroupUser(configuration["FunctionName"], configuration["Version"], groups)


@dataclass(frozen=True)
class FunctionSettings:
    """What else of a function matters. ``timeout`` is in seconds; AWS's words otherwise.

    ``attaching``: the verdict is about an attachment that Lambda has yet to make network interfaces for.
    ``ahead``: it is about the time when Lambda has made the function ready.
    """

    state: str = "Active"
    state_reason: str = ""
    update_status: str = "Successful"
    update_reason_code: str = ""
    update_reason: str = ""
    timeout: Optional[int] = None
    snap_start: bool = False
    attaching: bool = False
    ahead: bool = False


def settings_from(configuration: Mapping[str, Any]) -> FunctionSettings:
    """https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"""
    return FunctionSettings(
        state=configuration.get("State") or "Active",
        state_reason=configuration.get("StateReason") or "",
        update_status=configuration.get("LastUpdateStatus") or "Successful",
        update_reason_code=configuration.get("LastUpdateStatusReasonCode") or "",
        update_reason=configuration.get("LastUpdateStatusReason") or "",
        timeout=configuration.get("Timeout"),
        snap_start=(configuration.get("SnapStart") or {}).get("ApplyOn") == "PublishedVersions",
    )


def vpc_data(vpc: VpcConfig) -> dict[str, object]:
    return {
        "subnet_ids": list(vpc.subnet_ids),
        "security_group_ids": list(vpc.security_group_ids),
        "ipv6_allowed_for_dual_stack": vpc.ipv6_allowed_for_dual_stack,
    }
