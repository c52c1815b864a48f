# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do where boto3 raises an exception, or Lambda gives up an update. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable

from .remedies import NOT_AWS, by_name

_NEWER = "Install boto3 and botocore anew on this host, in a version that amazon.aws supports."
_SETTINGS = (
    "Check aws_config, this host's AWS configuration and credentials files, and its environment variables AWS_*."
)
_NETWORK = "Check the network of this host, the options region and endpoint_url, and HTTPS_PROXY and NO_PROXY."
# By the class of boto3's exception, or its nearest base class.
_FAILURES = by_name(
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
        NOT_AWS: ("AttributeError", "LookupError", "PaginationError", "ResponseParserError", "TypeError"),
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


def remedy_for_failure(names: Iterable[str]) -> str:
    """What to do about an exception of boto3, by the names of its class and its base classes."""
    return next((_FAILURES[name] for name in names if name in _FAILURES), _UNKNOWN_FAILURE)


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
