# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about the errors of AWS and boto3. PRIVATE to the collection.

Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html,
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html,
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-networking.html,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html and botocore's models and
exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_THROTTLED = "AWS throttles this account; run the task again in a minute, with fewer tasks at once (throttle, forks)."
_FAULT = "The fault is with AWS; run the task again. https://health.aws.amazon.com/health/status shows outages."
_NOT_AWS = (
    "The answer is not one of AWS: check the option endpoint_url, and the proxies between this host and AWS"
    " (HTTPS_PROXY, NO_PROXY)."
)
_RENEW = "Renew the credentials and run the task again."
_CREDENTIALS = (
    "Check the credentials (profile, access_key, secret_key, session_token), and that the option region is a Region"
    " that the account has enabled."
)
_CLOCK = "Set the clock of this host; if it is right, renew the credentials and check secret_key."
_ACCOUNT = "Have the account and the Region enabled for this service, by the account's owner or AWS Support."
_AGAIN = "Others change the same at this time, or have just done so; run the task again."
_DEPLOYING = "Others change the function, a deployment for example; run the task again when that is done."
_GONE = "Check that what AWS names still exists in this account and Region (option region), and run the task again."
_VALUES = "Check the values that AWS names, where the task or the database's own settings gave them."
_ENDPOINT = "Check the options region and endpoint_url: what answers there does not know this request."
_QUOTA = "Remove what is no longer needed, or have the quota raised (Service Quotas)."
_TAGS = "Check the option tags: at most 50 tags a resource, no key that begins with aws:."
_SIGNING = (
    "Let the owner of the function's code signing configuration mend it, or sign the code; then run the task again."
)
_NEWER = "Install boto3 and botocore anew on this host, in a version that amazon.aws supports."
_SETTINGS = (
    "Check aws_config, this host's AWS configuration and credentials files, and its environment variables AWS_*."
)
_NETWORK = "Check the network of this host, the options region and endpoint_url, and HTTPS_PROXY and NO_PROXY."
_LOOK_IT_UP = (
    "Look the code up in the API reference of the service (for EC2:"
    " https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html); it is safe to run the task again."
)


def _by_name(remedies: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {name: remedy for remedy, names in remedies.items() for name in names}


_REMEDIES = _by_name(
    {
        _THROTTLED: ("BandwidthLimitExceeded", "PriorRequestNotComplete", "SlowDown"),
        _FAULT: ("RetryableError", "ServerInternal", "ServiceException"),
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
        _AGAIN: ("ConcurrentTagAccess", "InvalidPermission.Duplicate", "PreconditionFailedException"),
        _DEPLOYING: ("ResourceConflictException",),
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
        _TAGS: ("InvalidTagKey.Malformed", "TagLimitExceeded"),
        "Give the tags that the organisation's tag policy asks for (option tags).": ("TagPolicyViolation",),
    }
)
# For codes that are not in the table: the first that fits.
_RULES = (
    (re.compile(r"Throttl|TooManyRequests|RequestLimit"), _THROTTLED),
    (re.compile(r"^[1-4]\d\d$|^Unknown$"), _NOT_AWS),
    (re.compile(r"^5\d\d$|Internal|Unavailable|Timeout"), _FAULT),
    (re.compile(r"Expired"), _RENEW),
    (re.compile(r"(Count|Limit|Quota)Exceeded|LimitReached"), _QUOTA),
    (re.compile(r"NotFound"), _GONE),
    (re.compile(r"^Invalid|^Missing|Validation|Malformed"), _VALUES),
)
_DENIED = re.compile("Denied|Unauthorized|NotAuthorized|Forbidden")
# $LATEST was published with the code that was seen, and has another one by now.
OTHER_CODE = re.compile(r"CodeSHA256 .*is different")
# What Lambda says in words, under the code InvalidParameterValueException.
_IN_WORDS = (
    (
        re.compile(r"role does not have permissions to call \w+ on EC2"),
        (
            "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the function's execution role; it takes"
            " effect after a minute or two."
        ),
    ),
    (
        re.compile("cannot be assumed by Lambda"),
        "Let lambda.amazonaws.com assume the function's execution role (its trust policy).",
    ),
    (OTHER_CODE, _DEPLOYING),
    (re.compile(r"\bKMS\b"), "Enable the function's KMS key, and let its execution role and the caller use it."),
)

# By the class of boto3's exception, or its nearest base class.
_FAILURES = _by_name(
    {
        "Give credentials: the option profile, access_key and secret_key, or the environment.": ("NoCredentialsError",),
        "Give access_key and secret_key together, or neither.": ("PartialCredentialsError",),
        "Check the option profile and the AWS configuration file of this host.": ("ProfileNotFound",),
        "Log in again (aws sso login, with the option profile), and run the task again.": (
            "NoAuthTokenError",
            "SSOError",
            "TokenRetrievalError",
        ),
        "Log in again (aws login, with the option profile), and run the task again.": ("LoginError",),
        "Get session credentials with the MFA code first (aws sts get-session-token): the task cannot ask for one.": (
            "RefreshWithMFAUnsupportedError",
        ),
        "Check what the option profile takes credentials from: credential_process, source_profile, role_arn.": (
            "CredentialRetrievalError",
            "InvalidConfigError",
            "UnknownCredentialError",
            "UnknownTokenProviderError",
        ),
        "Check that this host may read its instance metadata (IMDS), or give credentials (profile, access_key).": (
            "InvalidIMDSEndpointError",
            "InvalidIMDSEndpointModeError",
            "MetadataRetrievalError",
        ),
        "Set the option region, or AWS_REGION in the environment.": ("NoRegionError",),
        "Check the option region: there is no such Region for this service.": (
            "BaseEndpointResolverError",
            "EndpointProviderError",
            "InvalidRegionError",
            "ServiceNotInRegionError",
            "UnknownRegionError",
        ),
        _NETWORK: ("ConnectionError", "HTTPClientError", "IncompleteReadError"),
        "Check aws_ca_bundle and validate_certs: this host does not trust the certificate.": ("SSLError",),
        "Check HTTPS_PROXY and NO_PROXY on this host, and aws_config.": (
            "InvalidProxiesConfigError",
            "ProxyConnectionError",
        ),
        _NOT_AWS: ("AttributeError", "LookupError", "PaginationError", "ResponseParserError", "TypeError"),
        _NEWER: (
            "ApiVersionNotFoundError",
            "DataNotFoundError",
            "MissingDependencyException",
            "MissingParametersError",
            "OperationNotPageableError",
            "ParamValidationError",
            "UnknownClientMethodError",
            "UnknownServiceStyle",
            "UnsupportedServiceProtocolsError",
            "ValidationError",
            "WaiterConfigError",
        ),
        "Check endpoint_url, aws_config, and what the option profile takes credentials from (credential_process,"
        " web_identity_token_file).": ("OSError", "ValueError"),
        _SETTINGS: (
            "ConfigNotFound",
            "ConfigParseError",
            "InvalidChecksumConfigError",
            "InvalidDefaultsMode",
            "InvalidEndpointConfigurationError",
            "InvalidHostLabelError",
            "InvalidRetryConfigurationError",
            "InvalidSTSRegionalEndpointsConfigError",
            "UnknownSignatureVersionError",
            "UnsupportedSignatureVersionError",
        ),
    }
)
_UNKNOWN_FAILURE = (
    "Run the task again; if it lasts, check that boto3 and botocore of this host are versions that amazon.aws supports."
)

# LastUpdateStatusReasonCode and StateReasonCode.
_REASONS = _by_name(
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


def remedy_for(code: str, message: str, operation: str = "") -> str:
    """What to do about an error that AWS answered with."""
    for words, remedy in _IN_WORDS:
        if words.search(message):
            return remedy
    code = innermost(code, message)
    if _DENIED.search(code):
        return _remedy_for_denial(message, operation)
    fitting = (remedy for rule, remedy in _RULES if rule.search(code))
    return _REMEDIES.get(code) or next(fitting, _LOOK_IT_UP)


def innermost(code: str, message: str) -> str:
    """The code of EC2, where Lambda passes it on in words."""
    passed_on = re.search(r"EC2 Error Code: ([A-Za-z]+(?:\.[A-Za-z]+)*)", message)
    return passed_on[1] if passed_on else code


def remedy_for_failure(names: Iterable[str]) -> str:
    """What to do about an exception of boto3, by the names of its class and its base classes."""
    return next((_FAILURES[name] for name in names if name in _FAILURES), _UNKNOWN_FAILURE)


def remedy_for_reason(code: str) -> str:
    """What to do about the reason for which Lambda gave up the update of a function."""
    return _REASONS.get(code) or _REASONS.get(code.partition(".")[0], _UNKNOWN_REASON)


def _remedy_for_denial(message: str, operation: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html lists the forms."""
    named = re.search(r"perform: ([a-z0-9-]+:[A-Za-z]+)", message)
    for_lambda = re.search(r"permission to ([A-Z][A-Za-z]+)", message)
    action = named[1] if named else f"ec2:{for_lambda[1]}" if for_lambda else operation
    needed = f"the action {action}" if action else "the actions of the README's policy"
    kind = re.search(r"explicit deny in an? ([A-Za-z -]+)", message)
    lacking = re.search(r"because no ([A-Za-z -]+?) allows", message)
    if "explicit deny" in message:
        place = f"the {kind[1]}" if kind else "a policy"
        remedy = f"To allow {needed} is not enough: have the explicit deny in {place} taken away."
    else:
        remedy = f"Allow {needed} to the identity that runs the task{f', in its {lacking[1]}' if lacking else ''}."
    if "ncoded authorization failure message" in message:
        remedy += " aws sts decode-authorization-message makes the encoded message readable."
    return remedy
