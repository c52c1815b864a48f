# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about each code that AWS answers with. PRIVATE to the collection.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html,
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html,
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html and botocore's models.
"""

from __future__ import annotations

from .shared import DEPLOYING, FAULT, THROTTLED, by_name

_CREDENTIALS = (
    "Check the credentials (profile, access_key, secret_key, session_token), and that the option region is a Region"
    " that the account has enabled."
)
_CLOCK = "Set the clock of this host; if it is right, renew the credentials and check secret_key."
_ACCOUNT = "Have the account and the Region enabled for this service, by the account's owner or AWS Support."
_AGAIN = "Others change the same at this time, or have just done so; run the task again."
_ENDPOINT = "Check the options region and endpoint_url: what answers there does not know this request."
_TAGS = "Check the option tags: at most 50 tags a resource, no key that begins with aws:."
_SIGNING = (
    "Let the owner of the function's code signing configuration mend it, or sign the code; then run the task again."
)

REMEDIES = by_name(
    {
        THROTTLED: ("BandwidthLimitExceeded", "PriorRequestNotComplete", "SlowDown"),
        FAULT: ("RetryableError", "ServerInternal", "ServiceException", "ServiceFailure"),
        _CREDENTIALS: (
            "AuthFailure",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "InvalidToken",
            "UnrecognizedClientException",
        ),
        "Give credentials that AWS can see: a proxy or endpoint_url may drop them from the request.": (
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
        ),
        _CLOCK: (
            "InvalidSecurity.RequestHasExpired",
            "InvalidSignatureException",
            "RequestExpired",
            "RequestInTheFuture",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
        ),
        _ACCOUNT: (
            "AccountDisabled",
            "Blocked",
            "NotSignedUp",
            "OptInRequired",
            "PendingVerification",
            "RegionDisabledException",
            "SubscriptionRequiredException",
        ),
        _ENDPOINT: (
            "InvalidAction",
            "InvalidFilter",
            "InvalidQueryParameter",
            "MalformedQueryString",
            "MissingAction",
            "NoSuchVersion",
            "UnknownOperationException",
            "UnknownParameter",
        ),
        "AWS does not allow this for the resource: it may belong to another account (a shared VPC) or to a service of"
        " AWS. Give others of your own (security_group_id, subnet_ids).": (
            "CannotDelete",
            "OperationNotPermitted",
            "Unsupported",
            "UnsupportedOperation",
        ),
        "Run the task again; the list has changed while it was read.": (
            "InvalidMaxResults",
            "InvalidNextToken",
            "InvalidPaginationToken",
        ),
        "Run the task again; the list has to be read within 15 minutes.": ("PaginationTokenExpiredException",),
        "Check function_tags: keys of 1 to 128 letters, digits, spaces and _.:/=+-@, values of at most 256.": (
            "InvalidParameterException",
        ),
        _AGAIN: ("ConcurrentTagAccess", "InvalidPermission.Duplicate", "PreconditionFailedException"),
        DEPLOYING: ("ResourceConflictException",),
        "Check function_name and the option region; the function may have been deleted meanwhile.": (
            "ResourceNotFoundException",
        ),
        "Check the name of the function, and for its VPC that there are at most 16 subnets and 5 security groups, all"
        " of one VPC with default tenancy (subnet_ids, security_group_id).": ("InvalidParameterValueException",),
        _SIGNING: (
            "CodeSigningConfigNotFoundException",
            "CodeVerificationFailedException",
            "InvalidCodeSignatureException",
        ),
        "Delete published versions that are no longer needed, or have the quota L-2ACBD22F raised.": (
            "CodeStorageExceededException",
        ),
        "Delete published versions that are no longer needed.": (
            "FunctionVersionsPerCapacityProviderLimitExceededException",
        ),
        "Use security_group_scope=database, remove rules, or have the quota L-0EA8095F raised.": (
            "RulesPerSecurityGroupLimitExceeded",
        ),
        "Use security_group_scope=database, or have the quota L-E79EC296 raised.": ("SecurityGroupLimitExceeded",),
        "Take groups off the function, or have the quota L-2AFB9258 raised.": (
            "SecurityGroupsPerInterfaceLimitExceeded",
        ),
        "Give another security_group_name, or the existing group as security_group_id.": ("InvalidGroup.Duplicate",),
        "Give another security_group_name: this one is AWS's own.": ("InvalidGroup.Reserved",),
        "Check that the security groups still exist.": (
            "InvalidGroup.NotFound",
            "InvalidPermission.NotFound",
            "InvalidSecurityGroupID.NotFound",
            "InvalidSecurityGroupRuleId.NotFound",
        ),
        "Check the ids of security groups (security_group_id, rds_security_group_ids, egress_rules).": (
            "InvalidGroupId.Malformed",
            "InvalidID",
            "InvalidSecurityGroupId.Malformed",
        ),
        "Take the group out of use where AWS shows it, and run the task again.": (
            "DependencyViolation",
            "InvalidGroup.InUse",
        ),
        "Check subnet_ids: the subnets have to exist in this account and Region.": (
            "InvalidSubnetID.Malformed",
            "InvalidSubnetID.NotFound",
        ),
        "Check vpc_id: the VPC has to exist in this account and Region.": (
            "InvalidVpcID.Malformed",
            "InvalidVpcID.NotFound",
        ),
        "Check that the VPC peering connection is still active.": ("InvalidVpcPeeringConnectionID.NotFound",),
        "Check port and egress_rules: protocol, ports, and addresses in CIDR notation.": (
            "InvalidPermission.Malformed",
        ),
        "Check ip_prefix of egress_rules.": (
            "InvalidPrefixListID.NotFound",
            "InvalidPrefixListId.Malformed",
            "InvalidPrefixListId.NotFound",
        ),
        "Give fewer functions in one task.": ("FilterLimitExceeded",),
        "Delete a proxy that is no longer needed, or have the quota L-D94C7EA3 raised.": ("DBProxyQuotaExceededFault",),
        "Choose another name: a proxy of this one was made meanwhile.": ("DBProxyAlreadyExistsFault",),
        "Run the task again when the proxy is available: AWS is still at work on it, or has suspended it.": (
            "InvalidDBProxyStateFault",
        ),
        "Run the task again when the database is available.": (
            "InvalidDBClusterStateFault",
            "InvalidDBInstanceState",
            "InvalidDBInstanceStateFault",
        ),
        "Check subnet_ids: at least two subnets of the database's VPC, in two Availability Zones where RDS Proxy is"
        " offered.": ("InvalidSubnet",),
        "Free addresses in the proxy's subnets, or make it anew in larger ones (subnet_ids).": (
            "InsufficientAvailableIPsInSubnetFault",
        ),
        "Others change the proxy's target at this time; run the task again.": (
            "DBProxyTargetAlreadyRegisteredFault",
            "DBProxyTargetNotFoundFault",
        ),
        "The proxy or its target group has been deleted meanwhile; run the task again.": (
            "DBProxyNotFoundFault",
            "DBProxyTargetGroupNotFoundFault",
        ),
        "The inline policies of a role have 10,240 characters at most: remove some, give fewer db_users, or give the"
        " functions another execution role.": ("LimitExceeded",),
        "Check db_users: AWS takes no policy with these names.": ("MalformedPolicyDocument",),
        "Give the function an execution role that exists.": ("NoSuchEntity",),
        "Give the function an execution role of its own: this one belongs to an AWS service.": ("UnmodifiableEntity",),
        _TAGS: ("InvalidTagKey.Malformed", "TagLimitExceeded"),
        "Give the tags that the organisation's tag policy asks for (option tags).": ("TagPolicyViolation",),
    }
)
