# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about an exception of boto3, or one that it lets through. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable

from .shared import NOT_AWS, by_name

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
