# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What to do about an error that AWS answers with. PRIVATE to the collection."""

from __future__ import annotations

import re

from .codes import REMEDIES
from .shared import DEPLOYING, FAULT, NOT_AWS, THROTTLED

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
