# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about the errors of AWS. PRIVATE to the collection.

Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html and
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-networking.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ._errors import AwsError

# AWS has moved on since it was observed, or has not yet caught up with what was written.
CONFLICTS = frozenset(
    {
        "InvalidGroup.Duplicate",
        "InvalidGroup.NotFound",
        "InvalidPermission.Duplicate",
        "InvalidPermission.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
        "PreconditionFailedException",
        "ResourceConflictException",
    }
)
HELD = frozenset({"DependencyViolation"})
MISSING = frozenset(
    {
        "DBClusterNotFoundFault",
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
        "DBSubnetGroupNotFoundFault",
        "ResourceNotFoundException",
    }
)

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_REMEDIES = {
    "RulesPerSecurityGroupLimitExceeded": "Use security_group_scope=database, remove rules, or have the quota"
    " L-0EA8095F raised.",
    "SecurityGroupLimitExceeded": "Use security_group_scope=database, or have the quota L-E79EC296 raised.",
    "InvalidGroup.NotFound": "Check that the security groups still exist.",
    "InvalidPrefixListID.NotFound": "Check ip_prefix of egress_rules.",
    "InvalidPrefixListId.NotFound": "Check ip_prefix of egress_rules.",
    "RequestLimitExceeded": "AWS throttles this account; run the task again in a minute.",
    "TooManyRequestsException": "AWS throttles this account; run the task again in a minute.",
    "Throttling": "AWS throttles this account; run the task again in a minute.",
    "ExpiredToken": "Renew the credentials and run the task again.",
    "ExpiredTokenException": "Renew the credentials and run the task again.",
    "InvalidClientTokenId": "Check the credentials (profile, access_key).",
    "UnrecognizedClientException": "Check the credentials (profile, access_key) and the option region.",
    "AuthFailure": "Check the credentials (profile, access_key).",
    "NoCredentialsError": "Give credentials: the option profile, access_key and secret_key, or the environment.",
    "NoRegionError": "Set the option region, or AWS_REGION in the environment.",
    "ProfileNotFound": "Check the option profile and the AWS configuration file of this host.",
    "EndpointConnectionError": "Check the options region and endpoint_url, and the network of this host.",
}
_ROLE = "CreateNetworkInterface on EC2"
_REASONS = {
    "EniLimitExceeded": "Use security_group_scope=database, or have the quota of network interfaces per VPC raised.",
    "InsufficientRolePermissions": "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the execution role.",
    "SubnetOutOfIPAddresses": "Free addresses in the subnets, or give other subnet_ids.",
    "InvalidSubnet": "Check that the subnets still exist.",
    "InvalidSecurityGroup": "Check that the security groups still exist.",
    "EC2RequestLimitExceeded": "AWS throttles this account; run the task again in a minute.",
    "DisallowedByVpcEncryptionControl": "The VPC's encryption control refuses the function; ask who set it.",
    "InternalError": "Run the task again.",
}


def remedy_for(code: str, message: str) -> str:
    """What to do about an error, "" where nothing general can be said."""
    if _ROLE in message:
        return (
            "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the function's execution role; it takes"
            " effect after a minute or two."
        )
    if code in _DENIED:
        action = re.search(r"perform: ([a-z0-9-]+:[A-Za-z]+)", message)
        needed = f"the action {action[1]}" if action else "the actions of the README's policy"
        return f"Allow {needed} to the identity that runs the task."
    return _REMEDIES.get(code, "")


def update_failed(name: str, configuration: Mapping[str, Any], otherwise: str) -> AwsError:
    """The error for a function whose update AWS has given up: it keeps the configuration of before."""
    code = configuration.get("LastUpdateStatusReasonCode") or configuration.get("StateReasonCode") or "Failed"
    reason = configuration.get("LastUpdateStatusReason") or configuration.get("StateReason") or otherwise
    return AwsError(
        f"update function {name}, which keeps the configuration of before", code, reason, _REASONS.get(code, "")
    )
