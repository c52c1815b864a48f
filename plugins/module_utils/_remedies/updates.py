# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about the reason for which Lambda gave up the update of a function. PRIVATE to the collection.

https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-networking.html and botocore's model.
"""

from __future__ import annotations

from .shared import by_name

# LastUpdateStatusReasonCode and StateReasonCode.
_REASONS = by_name(
    {
        "Use security_group_scope=database, or have the quota L-9FEE3D26 (network interfaces per VPC) raised.": (
            "EniLimitExceeded",
        ),
        "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the execution role.": (
            "InsufficientRolePermissions",
        ),
        "Free addresses in the subnets, or give other subnet_ids.": ("SubnetOutOfIPAddresses",),
        "Check that the subnets still exist.": ("InvalidSubnet",),
        "Check that the security groups still exist.": ("InvalidSecurityGroup",),
        "Check that subnets and security groups are of one VPC, with default tenancy.": ("InvalidConfiguration",),
        "AWS throttles this account; run the task again in a minute.": ("EC2RequestLimitExceeded",),
        "The VPC's encryption control refuses the function; ask who set it.": ("DisallowedByVpcEncryptionControl",),
        "Run the task again.": ("DependencyError", "InternalError"),
        "AWS is not done with the function; run the task again in a minute.": (
            "Creating",
            "DrainingDurableExecutions",
            "Idle",
            "Restoring",
        ),
        "The function has to reach its file system from its new place: mount targets in the same VPC, and TCP 2049 to"
        " them (egress_rules).": ("EFSIOError", "EFSMountConnectivityError", "EFSMountFailure", "EFSMountTimeout"),
        "Not the VPC but the function's image is at fault: restore it, and let Lambda read it from ECR.": (
            "ImageAccessDenied",
            "ImageDeleted",
            "InvalidImage",
        ),
        "Not the VPC but the function's KMS key is at fault: enable it, and let the execution role use it.": (
            "DisabledKMSKey",
            "InvalidStateKMSKey",
            "KMSKeyAccessDenied",
            "KMSKeyNotFound",
        ),
        "The function's own code does not start: see its log. What it calls while starting has to be reachable from the"
        " VPC (NAT gateway, VPC endpoints, egress_rules).": (
            "FunctionError",
            "InvalidRuntime",
            "InvalidZipFileException",
        ),
        "Not the VPC but the function's capacity is short: have the quota raised, or see its capacity provider.": (
            "CapacityProviderScalingLimitExceeded",
            "IncompatibleAcceleratorInstanceTypes",
            "InsufficientCapacity",
            "ServiceQuotaExceededException",
            "VcpuLimitExceeded",
        ),
    }
)
_UNKNOWN_REASON = (
    "Put right what AWS names (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html); then run it again."
)


def remedy_for_reason(code: str) -> str:
    """What to do about the reason for which Lambda gave up the update of a function."""
    return _REASONS.get(code) or _REASONS.get(code.partition(".")[0], _UNKNOWN_REASON)
