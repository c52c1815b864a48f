# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What several of the tables of remedies have. PRIVATE to the collection."""

from __future__ import annotations

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
