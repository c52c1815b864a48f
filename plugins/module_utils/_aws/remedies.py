# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about an error that AWS answers with, by its code or its words. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

THROTTLED = "AWS throttles this account; run the task again in a minute, with fewer tasks at once (throttle, forks)."
FAULT = "The fault is with AWS; run the task again. https://health.aws.amazon.com/health/status shows outages."
NOT_AWS = (
    "The answer is not one of AWS: check the option endpoint_url, and the proxies between this host and AWS"
    " (HTTPS_PROXY, NO_PROXY)."
)
DEPLOYING = "Others change the function, a deployment for example; run the task again when that is done."


def by_name(remedies: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {name: remedy for remedy, names in remedies.items() for name in names}


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


_RENEW = "Renew the credentials and run the task again."
_GONE = "Check that what AWS names still exists in this account and Region (option region), and run the task again."
_VALUES = "Check the values that AWS names, where the task or the database's own settings gave them."
_QUOTA = "Remove what is no longer needed, or have the quota raised (Service Quotas)."
_LOOK_IT_UP = (
    "Look the code up in the API reference of the service (for EC2:"
    " https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html); it is safe to run the task again."
)
# For codes that are not in the table: the first that fits.
_RULES = (
    (re.compile(r"Throttl|TooManyRequests|RequestLimit"), THROTTLED),
    (re.compile(r"^[1-4]\d\d$|^Unknown$"), NOT_AWS),
    (re.compile(r"^5\d\d$|Internal|Unavailable|Timeout"), FAULT),
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
    (OTHER_CODE, DEPLOYING),
    (re.compile(r"\bKMS\b"), "Enable the function's KMS key, and let its execution role and the caller use it."),
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
    return REMEDIES.get(code) or next(fitting, _LOOK_IT_UP)


def innermost(code: str, message: str) -> str:
    """The code of EC2, where Lambda passes it on in words."""
    passed_on = re.search(r"EC2 Error Code: ([A-Za-z]+(?:\.[A-Za-z]+)*)", message)
    return passed_on[1] if passed_on else code


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
