# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The errors that AWS and boto3 can answer with, and words that the remedy for each has to have.

From botocore's models (Lambda, RDS, Service Quotas, tagging), whose test finds what is missing here, and from
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (EC2, whose model lists none),
https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore import exceptions, parsers
from botocore.exceptions import ClientError

USER = "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: "
ENCODED = (
    "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6X"
)

DENY = "is not enough: have the explicit deny in the service control policy taken away."
THROTTLED = "throttles this account"
FAULT = "The fault is with AWS"
NOT_AWS = "check the option endpoint_url, and the proxies"
NETWORK = "Check the network of this host"
AGAIN = "run the task again"
REGION = "Check the option region"
SETTINGS = "Check aws_config"
NEWER = "Install boto3 and botocore anew"
SOURCE = "what the option profile takes credentials from"
VALUES = "Check the values that AWS names"

# After these the module looks again, a few times, before it gives up.
CONFLICTS = (
    "ConcurrentTagAccess",
    "DBClusterNotFoundFault",
    "DBInstanceNotFound",
    "DBProxyAlreadyExistsFault",
    "DBProxyNotFoundFault",
    "DBProxyTargetAlreadyRegisteredFault",
    "DBProxyTargetGroupNotFoundFault",
    "DBProxyTargetNotFoundFault",
    "InvalidDBClusterStateFault",
    "InvalidDBInstanceState",
    "InvalidDBProxyStateFault",
    "InvalidGroup.Duplicate",
    "InvalidGroup.NotFound",
    "InvalidPermission.Duplicate",
    "InvalidPermission.NotFound",
    "InvalidSecurityGroupID.NotFound",
    "InvalidSecurityGroupRuleId.NotFound",
    "InvalidVpcID.NotFound",
    "PreconditionFailedException",
    "ResourceConflictException",
    "ResourceNotFoundException",
)
CONFLICTS_IN_WORDS = ("InvalidGroup.NotFound", "InvalidSubnetID.NotFound", "CodeSHA256")


@dataclass(frozen=True)
class Answer:
    """An error that AWS answers with."""

    code: str
    words: str
    message: str = "AWS's reason."
    status: int = 400

    def error(self, operation: str) -> Exception:
        answer: Any = {
            "Error": {"Code": self.code, "Message": self.message},
            "ResponseMetadata": {"HTTPStatusCode": self.status},
        }
        return ClientError(answer, operation)

    @property
    def text(self) -> str:
        return f"{self.code}: {self.message} "

    @property
    def conflict(self) -> bool:
        return self.code in CONFLICTS or any(words in self.message for words in CONFLICTS_IN_WORDS)

    @property
    def lost(self) -> bool:
        return self.status >= 500


@dataclass(frozen=True)
class Failure:
    """An exception of boto3, or one that it lets through."""

    exception: Exception
    words: str
    lost: bool = False
    conflict = False

    def error(self, operation: str) -> Exception:
        return self.exception

    @property
    def text(self) -> str:
        first_line = " ".join(str(self.exception).splitlines()[0].split())
        return f"{type(self.exception).__name__}: {first_line} "


def _answers(words: str, *codes: str, status: int = 400) -> list[Answer]:
    return [Answer(code, words, status=status) for code in codes]


# Every service, and STS when a profile or the environment makes botocore assume a role.
COMMON = [
    *_answers(
        THROTTLED, "EC2ThrottledException", "PriorRequestNotComplete", "RequestLimitExceeded", "RequestThrottled",
        "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
        "TooManyRequestsException",
    ),
    *_answers(
        FAULT, "500", "502", "503", "504", "InternalError", "InternalFailure", "InternalServerError",
        "InternalServiceError", "ServerInternal", "ServiceException", "ServiceUnavailable",
        "ServiceUnavailableException", "Unavailable", status=503,
    ),
    *_answers(FAULT, "RequestTimeout", "RequestTimeoutException", "RetryableError"),
    Answer("AccessDenied", "the action lambda:GetFunction to", f"{USER}lambda:GetFunction on resource: x"),
    Answer(
        "AccessDenied",
        "Allow the action sts:AssumeRole to the identity that runs the task.",
        f"{USER}sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ops",
    ),
    Answer(
        "AccessDeniedException",
        "Allow the action rds:DescribeDBInstances to the identity that runs the task, in its identity-based policy.",
        f"{USER}rds:DescribeDBInstances on resource: x because no identity-based policy allows the"
        " rds:DescribeDBInstances action",
    ),
    Answer(
        "AccessDeniedException",
        "in its permissions boundary.",
        f"{USER}ec2:CreateTags on resource: x because no permissions boundary allows the ec2:CreateTags action",
    ),
    Answer(
        "AccessDeniedException",
        f"To allow the action lambda:UpdateFunctionConfiguration {DENY}",
        f"{USER}lambda:UpdateFunctionConfiguration on resource: x with an explicit deny in a service control policy",
    ),
    Answer(
        "UnauthorizedOperation",
        "aws sts decode-authorization-message makes the encoded message readable.",
        ENCODED,
        status=403,
    ),
    Answer(
        "UnauthorizedOperation",
        f"To allow the action ec2:CreateSecurityGroup {DENY} aws sts decode-authorization-message",
        f"You are not authorized to perform this operation. {USER}ec2:CreateSecurityGroup on resource: x with an"
        " explicit deny in a service control policy. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q",
        status=403,
    ),
    Answer("UnauthorizedOperation", "have the explicit deny in a policy taken away", "x with an explicit deny"),
    *_answers("to the identity that runs the task", "ForbiddenException", "NotAuthorized", "UnauthorizedAccess"),
    *_answers("Renew the credentials", "ExpiredToken", "ExpiredTokenException"),
    *_answers(
        "Check the credentials (profile", "AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidIdentityToken", "InvalidToken", "UnrecognizedClientException",
    ),
    *_answers(
        "Set the clock of this host", "InvalidSignatureException", "RequestExpired", "RequestInTheFuture",
        "RequestTimeTooSkewed", "SignatureDoesNotMatch",
    ),
    *_answers(
        "Give credentials that AWS can see", "IncompleteSignature", "IncompleteSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException",
    ),
    *_answers(
        "the account and the Region enabled", "AccountDisabled", "NotSignedUp", "OptInRequired", "PendingVerification",
        "RegionDisabledException", "SubscriptionRequiredException",
    ),
    *_answers(NOT_AWS, "302", "403", "404", "407", "413"),
    *_answers(
        "Check the options region and endpoint_url", "InvalidAction", "InvalidQueryParameter", "MalformedQueryString",
        "MissingAction", "UnknownOperationException",
    ),
    *_answers(VALUES, "MissingParameter", "ValidationError", "ValidationException"),
    *_answers("Look the code up in the API reference", "NeverHeardOfThat"),
]  # fmt: skip

# What any call of EC2 can answer with besides.
_EC2 = [
    *_answers("the account and the Region enabled", "Blocked"),
    *_answers("Set the clock of this host", "InvalidSecurity.RequestHasExpired"),
    *_answers(
        VALUES, "InvalidCharacter", "InvalidInput", "InvalidParameter", "InvalidParameterCombination",
        "InvalidParameterDependency", "InvalidParameterValue", "InvalidRequest", "InvalidState", "MissingInput",
    ),
    *_answers("Check the options region and endpoint_url", "NoSuchVersion", "UnknownParameter"),
    *_answers("AWS does not allow this", "OperationNotPermitted", "Unsupported", "UnsupportedOperation"),
    *_answers("have the quota raised", "ResourceLimitExceeded", "ResourceCountExceeded"),
    *_answers(THROTTLED, "BandwidthLimitExceeded"),
]  # fmt: skip
_PAGES = [
    *_answers("the list has changed", "InvalidMaxResults", "InvalidNextToken", "InvalidPaginationToken"),
    *_answers("Check the options region and endpoint_url", "InvalidFilter"),
    *_answers("Give fewer functions", "FilterLimitExceeded"),
]
_GROUP = [
    *_answers("Check that the security groups still exist", "InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"),
    *_answers("Check the ids of security groups", "InvalidGroupId.Malformed", "InvalidSecurityGroupId.Malformed"),
]
_TAGS = [
    *_answers("Check the option tags", "InvalidTagKey.Malformed", "TagLimitExceeded"),
    *_answers("tag policy asks for (option tags)", "TagPolicyViolation"),
]
_AUTHORIZE = [
    *_GROUP,
    *_TAGS,
    *_answers("run the task again", "InvalidPermission.Duplicate"),
    *_answers("Check port and egress_rules", "InvalidPermission.Malformed"),
    *_answers("quota L-0EA8095F", "RulesPerSecurityGroupLimitExceeded"),
    *_answers("quota L-2AFB9258", "SecurityGroupsPerInterfaceLimitExceeded"),
    *_answers(
        "ip_prefix of egress_rules", "InvalidPrefixListID.NotFound", "InvalidPrefixListId.Malformed",
        "InvalidPrefixListId.NotFound",
    ),
    *_answers("VPC peering connection", "InvalidVpcPeeringConnectionID.NotFound"),
]  # fmt: skip
_REVOKE = [
    *_GROUP,
    *_answers("still exist", "InvalidPermission.NotFound", "InvalidSecurityGroupRuleId.NotFound"),
    *_answers(VALUES, "InvalidSecurityGroupRuleId.Malformed"),
]
_TAG = [
    *_GROUP,
    *_TAGS,
    *_answers("still exist", "InvalidSecurityGroupRuleId.NotFound"),
    *_answers("Check the ids of security groups", "InvalidID"),
    *_answers("run the task again", "ConcurrentTagAccess"),
]
_LAMBDA = [
    *_answers("Check the name of the function", "InvalidParameterValueException"),
    *_answers("Check function_name and the option region", "ResourceNotFoundException"),
]
_DEPLOYED = [
    *_answers("a deployment for example", "ResourceConflictException"),
    *_answers("run the task again", "PreconditionFailedException"),
]
_IN_WORDS = [
    Answer(
        "InvalidParameterValueException",
        "Attach the managed policy AWSLambdaVPCAccessExecutionRole",
        "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
    ),
    Answer("InvalidParameterValueException", "its trust policy", "The role defined cannot be assumed by Lambda."),
    Answer(
        "InvalidParameterValueException",
        "Check that the security groups still exist",
        "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: no",
    ),
    Answer(
        "InvalidParameterValueException",
        "Allow the action ec2:DescribeSecurityGroups to the identity that runs the task.",
        "Your access has been denied by EC2, please make sure your request credentials have permission to"
        " DescribeSecurityGroups for sg-1. EC2 Error Code: UnauthorizedOperation. EC2 Error Message: no",
    ),
    Answer(
        "InvalidParameterValueException",
        "Check subnet_ids",
        "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: no",
    ),
    Answer("InvalidParameterValueException", "KMS key", "Lambda was unable to use it because the KMS key is invalid"),
]

_NO_PROXY = _answers("has been deleted meanwhile", "DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault")
_PROXY_AT_WORK = [*_NO_PROXY, *_answers("when the proxy is available", "InvalidDBProxyStateFault")]
_OTHER_TARGET = _answers(
    "the proxy's target at this time", "DBProxyTargetAlreadyRegisteredFault", "DBProxyTargetNotFoundFault"
)
_NO_DATABASE = _answers("still exists", "DBClusterNotFoundFault", "DBInstanceNotFound")
_DATABASE_AT_WORK = _answers("when the database is available", "InvalidDBClusterStateFault", "InvalidDBInstanceState")
# Tags are of any resource of RDS, and the model lists the errors of all.
_TAGGED = [
    *_NO_PROXY,
    *_NO_DATABASE,
    *_answers(
        "still exists", "BlueGreenDeploymentNotFoundFault", "DBCapacityReservationNotFound",
        "DBProxyEndpointNotFoundFault", "DBShardGroupNotFound", "DBSnapshotNotFound",
        "DBSnapshotTenantDatabaseNotFoundFault", "IntegrationNotFoundFault", "TenantDatabaseNotFound",
    ),
]  # fmt: skip
_RETAGGED = [*_TAGGED, *_DATABASE_AT_WORK, *_answers(VALUES, "InvalidDBClusterEndpointStateFault")]

_IAM = [
    *_answers(FAULT, "ServiceFailure", status=500),
    *_answers("an execution role that exists", "NoSuchEntity", status=404),
]

# What one operation, or all of a service, can answer with besides.
OF_OPERATION: dict[str, list[Answer]] = {
    "UpdateFunctionConfiguration": [
        *_DEPLOYED,
        *_IN_WORDS,
        *_answers(
            "code signing configuration", "CodeSigningConfigNotFoundException", "CodeVerificationFailedException",
            "InvalidCodeSignatureException",
        ),
    ],
    "PublishVersion": [
        *_DEPLOYED,
        *_answers("quota L-2ACBD22F", "CodeStorageExceededException"),
        *_answers("Delete published versions", "FunctionVersionsPerCapacityProviderLimitExceededException"),
        Answer(
            "InvalidParameterValueException",
            "a deployment for example",
            "CodeSHA256 (a) is different from current CodeSHA256 in $LATEST (b). Please try again.",
        ),
    ],
    "UpdateAlias": _DEPLOYED,
    "GetResources": [
        *_answers(FAULT, "InternalServiceException", status=500),
        *_answers("Check function_tags", "InvalidParameterException"),
        *_answers("within 15 minutes", "PaginationTokenExpiredException"),
        *_answers(THROTTLED, "ThrottledException"),
        Answer(
            "AccessDeniedException",
            "Allow the action tag:GetResources to the identity that runs the task, in its identity-based policy.",
            f"{USER}tag:GetResources because no identity-based policy allows the tag:GetResources action",
        ),
    ],
    "GetRolePolicy": _IAM,
    "GetAccountAuthorizationDetails": _IAM[:1],
    "PutRolePolicy": [
        *_IAM,
        *_answers("10,240 characters", "LimitExceeded"),
        *_answers("Check db_users", "MalformedPolicyDocument"),
        *_answers("of its own", "UnmodifiableEntity"),
    ],
    "DeleteRolePolicy": [
        *_IAM,
        *_answers("10,240 characters", "LimitExceeded"),
        *_answers("of its own", "UnmodifiableEntity"),
    ],
    "DescribeDBInstances": _answers("still exists", "DBInstanceNotFound", "DBInstanceNotFoundFault"),
    "DescribeDBClusters": _answers("still exists", "DBClusterNotFoundFault"),
    "DescribeDBSubnetGroups": _answers("still exists", "DBSubnetGroupNotFoundFault"),
    "DescribeDBProxies": _NO_PROXY[:1],
    "DescribeDBProxyTargetGroups": _PROXY_AT_WORK,
    "DescribeDBProxyTargets": [*_PROXY_AT_WORK, *_OTHER_TARGET],
    "DescribeDBProxyEndpoints": [*_NO_PROXY, *_answers("still exists", "DBProxyEndpointNotFoundFault")],
    "ListTagsForResource": _TAGGED,
    "CreateDBProxy": [
        *_answers("Choose another name", "DBProxyAlreadyExistsFault"),
        *_answers("Check subnet_ids", "InvalidSubnet"),
        *_answers("quota L-D94C7EA3", "DBProxyQuotaExceededFault"),
    ],
    "ModifyDBProxy": [*_PROXY_AT_WORK, *_answers("Choose another name", "DBProxyAlreadyExistsFault")],
    "ModifyDBProxyTargetGroup": _PROXY_AT_WORK,
    "RegisterDBProxyTargets": [
        *_PROXY_AT_WORK,
        *_OTHER_TARGET,
        *_NO_DATABASE,
        *_DATABASE_AT_WORK,
        *_answers("Free addresses in the proxy's subnets", "InsufficientAvailableIPsInSubnetFault"),
    ],
    "DeregisterDBProxyTargets": [*_PROXY_AT_WORK, *_OTHER_TARGET],
    "DeleteDBProxy": _PROXY_AT_WORK,
    "AddTagsToResource": _RETAGGED,
    "RemoveTagsFromResource": _RETAGGED,
    "GetServiceQuota": _answers("", "IllegalArgumentException", "NoSuchResourceException"),
    "CreateSecurityGroup": [
        *_TAGS,
        *_answers("another security_group_name, or the existing", "InvalidGroup.Duplicate"),
        *_answers("AWS's own", "InvalidGroup.Reserved"),
        *_answers("Check vpc_id", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound"),
        *_answers("quota L-E79EC296", "SecurityGroupLimitExceeded"),
    ],
    "AuthorizeSecurityGroupEgress": _AUTHORIZE,
    "AuthorizeSecurityGroupIngress": _AUTHORIZE,
    "RevokeSecurityGroupEgress": _REVOKE,
    "RevokeSecurityGroupIngress": _REVOKE,
    "DeleteSecurityGroup": [
        *_GROUP,
        *_answers("AWS does not allow this for the resource", "CannotDelete"),
        *_answers("Take the group out of use", "DependencyViolation", "InvalidGroup.InUse"),
    ],
    "CreateTags": _TAG,
    "DeleteTags": _TAG,
    "DescribeSubnets": _answers("Check subnet_ids", "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound"),
    "DescribeVpcs": _answers("Check vpc_id", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound"),
}  # fmt: skip


def answers_of(service: str, operation: str) -> list[Answer]:
    """Every row for an operation."""
    rows = [*COMMON, *OF_OPERATION.get(operation, [])]
    if service == "lambda":
        rows += _LAMBDA
    if service == "ec2":
        rows += _EC2
        rows += _PAGES if operation.startswith("Describe") else []
    return rows


# botocore's exceptions: arguments, and words of the remedy. Newer ones are left out where botocore is older.
BOTOCORE: dict[str, tuple[dict[str, Any], str]] = {
    "EndpointConnectionError": ({"endpoint_url": "https://rds.example"}, NETWORK),
    "ConnectionError": ({"error": "x"}, NETWORK),
    "ConnectTimeoutError": ({"endpoint_url": "https://rds.example"}, NETWORK),
    "HTTPClientError": ({"error": "x"}, NETWORK),
    "ReadTimeoutError": ({"endpoint_url": "https://rds.example"}, NETWORK),
    "ConnectionClosedError": ({"endpoint_url": "https://rds.example"}, NETWORK),
    "ResponseStreamingError": ({"error": "x"}, NETWORK),
    "IncompleteReadError": ({"actual_bytes": 1, "expected_bytes": 2}, NETWORK),
    "SSLError": ({"endpoint_url": "https://rds.example", "error": "x"}, "aws_ca_bundle and validate_certs"),
    "ProxyConnectionError": ({"proxy_url": "http://proxy.example"}, "Check HTTPS_PROXY"),
    "InvalidProxiesConfigError": ({}, "Check HTTPS_PROXY"),
    "NoCredentialsError": ({}, "Give credentials: the option profile"),
    "PartialCredentialsError": ({"provider": "p", "cred_var": "x"}, "together, or neither"),
    "CredentialRetrievalError": ({"provider": "p", "error_msg": "x"}, SOURCE),
    "UnknownCredentialError": ({"name": "x", "known_names": "y"}, SOURCE),
    "UnknownTokenProviderError": ({"name": "x", "known_names": "y"}, SOURCE),
    "InvalidConfigError": ({"error_msg": "x"}, SOURCE),
    "InfiniteLoopConfigError": ({"source_profile": "x", "visited_profiles": "y"}, SOURCE),
    "RefreshWithMFAUnsupportedError": ({}, "MFA code"),
    "NoAuthTokenError": ({}, "aws sso login"),
    "TokenRetrievalError": ({"provider": "sso", "error_msg": "x"}, "aws sso login"),
    "SSOError": ({}, "aws sso login"),
    "SSOTokenLoadError": ({"error_msg": "x"}, "aws sso login"),
    "UnauthorizedSSOTokenError": ({}, "aws sso login"),
    "LoginError": ({}, "aws login"),
    "LoginRefreshRequired": ({}, "aws login"),
    "LoginInsufficientPermissions": ({}, "aws login"),
    "LoginTokenLoadError": ({"error_msg": "x"}, "aws login"),
    "LoginAuthorizationCodeError": ({"error_msg": "x"}, "aws login"),
    "MetadataRetrievalError": ({"error_msg": "x"}, "instance metadata"),
    "InvalidIMDSEndpointError": ({"endpoint": "x"}, "instance metadata"),
    "InvalidIMDSEndpointModeError": ({"mode": "x", "valid_modes": "y"}, "instance metadata"),
    "ProfileNotFound": ({"profile": "x"}, "Check the option profile"),
    "ConfigNotFound": ({"path": "x"}, SETTINGS),
    "ConfigParseError": ({"path": "x", "error": "y"}, SETTINGS),
    "NoRegionError": ({}, "Set the option region"),
    "InvalidRegionError": ({"region_name": "x"}, REGION),
    "UnknownRegionError": ({"region_name": "x", "error_msg": "y"}, REGION),
    "BaseEndpointResolverError": ({}, REGION),
    "UnknownEndpointError": ({"service_name": "rds", "region_name": "x"}, REGION),
    "UnknownFIPSEndpointError": ({"service_name": "rds", "region_name": "x"}, REGION),
    "EndpointVariantError": ({"tags": "x"}, REGION),
    "EndpointProviderError": ({"msg": "x"}, REGION),
    "EndpointResolutionError": ({"msg": "x"}, REGION),
    "UnknownEndpointResolutionBuiltInName": ({"name": "x"}, REGION),
    "ServiceNotInRegionError": ({"service_name": "rds", "region_name": "x"}, REGION),
    "DataNotFoundError": ({"data_path": "x"}, NEWER),
    "UnknownServiceError": ({"service_name": "x", "known_service_names": "y"}, NEWER),
    "UnknownServiceStyle": ({"service_style": "x"}, NEWER),
    "ApiVersionNotFoundError": ({"data_path": "x", "api_version": "y"}, NEWER),
    "UnknownClientMethodError": ({"method_name": "x"}, NEWER),
    "OperationNotPageableError": ({"operation_name": "x"}, NEWER),
    "WaiterConfigError": ({"error_msg": "x"}, NEWER),
    "MissingDependencyException": ({"msg": "x"}, NEWER),
    "UnsupportedServiceProtocolsError": (
        {"botocore_supported_protocols": "x", "service_supported_protocols": "y", "service": "z"},
        NEWER,
    ),
    "MissingParametersError": ({"object_name": "x", "missing": "y"}, NEWER),
    "ParamValidationError": ({"report": "Unknown parameter in VpcConfig"}, NEWER),
    "ValidationError": ({"value": "x", "param": "y", "type_name": "z"}, NEWER),
    "RangeError": ({"value": "x", "param": "y", "min_value": 1, "max_value": 2}, NEWER),
    "UnknownKeyError": ({"value": "x", "param": "y", "choices": "z"}, NEWER),
    "UnknownParameterError": ({"name": "x", "operation": "y", "choices": "z"}, NEWER),
    "AliasConflictParameterError": ({"original": "x", "alias": "y", "operation": "z"}, NEWER),
    "PaginationError": ({"message": "x"}, NOT_AWS),
    "InvalidHostLabelError": ({"label": "x"}, SETTINGS),
    "InvalidRetryConfigurationError": ({"retry_config_option": "x", "valid_options": "y"}, SETTINGS),
    "InvalidMaxRetryAttemptsError": ({"provided_max_attempts": "x", "min_value": 0}, SETTINGS),
    "InvalidRetryModeError": ({"provided_retry_mode": "x", "valid_modes": "y"}, SETTINGS),
    "InvalidSTSRegionalEndpointsConfigError": ({"sts_regional_endpoints_config": "x"}, SETTINGS),
    "InvalidDefaultsMode": ({"mode": "x", "valid_modes": "y"}, SETTINGS),
    "InvalidEndpointConfigurationError": ({"msg": "x"}, SETTINGS),
    "InvalidChecksumConfigError": ({"config_key": "x", "config_value": "y", "valid_options": "z"}, SETTINGS),
    "UnknownSignatureVersionError": ({"signature_version": "x"}, SETTINGS),
    "UnsupportedSignatureVersionError": ({"signature_version": "x"}, SETTINGS),
}  # fmt: skip
# S3, uploads, checksums, event streams, resources, endpoint discovery and the Stubber: no call of ours meets them.
NOT_OURS = frozenset(
    {
        "AwsChunkedWrapperError",
        "BotoCoreError",
        "CapacityNotAvailableError",
        "ChecksumError",
        "FlexibleChecksumError",
        "InvalidDNSNameError",
        "InvalidEndpointDiscoveryConfigurationError",
        "InvalidExpressionError",
        "InvalidS3AddressingStyleError",
        "InvalidS3UsEast1RegionalEndpointConfigError",
        "MD5UnavailableError",
        "StubAssertionError",
        "StubResponseError",
        "UnStubbedResponseError",
        "UnseekableStreamError",
        "UnsupportedOutpostResourceError",
        "UnsupportedS3AccesspointConfigurationError",
        "UnsupportedS3ArnError",
        "UnsupportedS3ConfigurationError",
        "UnsupportedS3ControlArnError",
        "UnsupportedS3ControlConfigurationError",
        "WaiterError",  # _wait says more than its name
    }
)
_AT_ANY_TIME = {name for name, (_arguments, words) in BOTOCORE.items() if words == NETWORK} | {
    "CredentialRetrievalError",
    "MetadataRetrievalError",
    "NoCredentialsError",
    "PaginationError",
    "ParamValidationError",
    "ProxyConnectionError",
    "SSLError",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
}
_LET_THROUGH = (
    (parsers.ResponseParserError("Unable to parse response, invalid XML received:\nb'<html>'"), NOT_AWS),
    (KeyError("Configuration"), NOT_AWS),
    (AttributeError("'list' object has no attribute 'get'"), NOT_AWS),
    (TypeError("'NoneType' object is not iterable"), NOT_AWS),
    (FileNotFoundError(2, "No such file or directory", "/run/token"), "web_identity_token_file"),
    (ValueError("Expecting value: line 1 column 1 (char 0)"), "credential_process"),
)


def botocore_classes() -> Iterator[tuple[str, type[exceptions.BotoCoreError]]]:
    for name, kind in vars(exceptions).items():
        if isinstance(kind, type) and issubclass(kind, exceptions.BotoCoreError):
            yield name, kind


def failures(*, at_first: bool) -> list[Failure]:
    """The exceptions of this botocore that can concern us, and what it lets through.

    What is wrong with Region, settings and credentials shows by the first call; later the network can fail, answers can
    be spoilt, and credentials run out.
    """
    found = [
        Failure(kind(**BOTOCORE[name][0]), BOTOCORE[name][1], _is_lost(kind))
        for name, kind in botocore_classes()
        if name in BOTOCORE and (at_first or name in _AT_ANY_TIME)
    ]
    through = [
        Failure(error, words, lost=not isinstance(error, (OSError, ValueError))) for error, words in _LET_THROUGH
    ]
    return found + through


def _is_lost(kind: type[Exception]) -> bool:
    return issubclass(kind, (exceptions.HTTPClientError, exceptions.IncompleteReadError))


# LastUpdateStatusReasonCode and StateReasonCode, and words of the remedy.
REASONS = {
    "EniLimitExceeded": "quota L-9FEE3D26",
    "InsufficientRolePermissions": "AWSLambdaVPCAccessExecutionRole",
    "InvalidConfiguration": "of one VPC",
    "InternalError": "Run the task again",
    "DependencyError": "Run the task again",
    "SubnetOutOfIPAddresses": "Free addresses",
    "InvalidSubnet": "subnets still exist",
    "InvalidSecurityGroup": "security groups still exist",
    "EC2RequestLimitExceeded": THROTTLED,
    "DisallowedByVpcEncryptionControl": "encryption control",
    **dict.fromkeys(("ImageAccessDenied", "ImageDeleted", "InvalidImage"), "function's image"),
    **dict.fromkeys(("DisabledKMSKey", "InvalidStateKMSKey", "KMSKeyAccessDenied", "KMSKeyNotFound"), "KMS key"),
    **dict.fromkeys(("EFSIOError", "EFSMountConnectivityError", "EFSMountFailure", "EFSMountTimeout"), "TCP 2049"),
    **dict.fromkeys(("FunctionError", "InvalidRuntime", "InvalidZipFileException"), "own code does not start"),
    **dict.fromkeys(
        (
            "CapacityProviderScalingLimitExceeded",
            "IncompatibleAcceleratorInstanceTypes",
            "InsufficientCapacity",
            "ServiceQuotaExceededException",
            "VcpuLimitExceeded",
        ),
        "capacity is short",
    ),
    **dict.fromkeys(("Creating", "DrainingDurableExecutions", "Idle", "Restoring"), "AWS is not done"),
}
