# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the names that users give: functions by name or ARN, databases by endpoint. PRIVATE to the collection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

# https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html (FunctionName)
_FUNCTION = re.compile(
    r"(?:arn:(?P<partition>aws[a-zA-Z-]*):lambda:(?P<region>[a-z0-9-]+):(?=\d{12}:function:))?"
    r"(?:(?P<account>\d{12}):(?=function:))?(?:function:)?"
    r"(?P<name>[a-zA-Z0-9_-]{1,64})(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?"
)
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html and
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
_ENDPOINT = re.compile(
    r"(?P<label>[a-z0-9-]+)\.(?P<mark>(?:proxy|cluster-custom|cluster-ro|cluster)-)?[a-z0-9]+"
    r"\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?"
)

INSTANCE = "instance"
CLUSTER = "cluster"
PROXY = "proxy"
HOSTNAME = "hostname"
BY_IDS = "ids"


@dataclass(frozen=True)
class FunctionName:
    """``name`` for tags and messages, ``given`` for the API (it may be an ARN), ``region`` of a full ARN.

    ``account`` is that of an ARN, full or partial.
    """

    name: str
    given: str
    region: Optional[str] = None
    qualifier: Optional[str] = None
    account: Optional[str] = None

    def is_other_than(self, other: FunctionName) -> bool:
        """Whether the two, of one name, are surely not one function."""
        places = ((self.region, other.region), (self.account, other.account))
        return any(None not in (here, there) and here != there for here, there in places)


@dataclass(frozen=True)
class DatabaseName:
    """Which database is meant. ``endpoint`` is the host name that was given, if it was named by that."""

    kind: str
    value: str
    endpoint: Optional[str] = None

    @property
    def key(self) -> str:
        """What the tag cloudops.lambda_rds:database holds."""
        return f"{self.kind}/{self.value}"

    @property
    def text(self) -> str:
        return f"{self.kind} {self.value}" if self.kind != BY_IDS else f"the database groups in {self.value}"


def read_function_name(given: str) -> Optional[FunctionName]:
    """None when it is neither a function's name nor an ARN, full or partial."""
    found = _FUNCTION.fullmatch(given)
    if found is None:
        return None
    account = found["account"]
    return FunctionName(found["name"], given, found["region"], found["qualifier"], account)


def read_endpoint(hostname: str) -> DatabaseName:
    """The database that an RDS host name belongs to, as far as its form tells.

    A custom endpoint of Aurora, or a name that is not of RDS's form, has to be looked for: kind "hostname".
    """
    host = hostname.strip().rstrip(".").lower()
    found = _ENDPOINT.fullmatch(host)
    kinds = {None: INSTANCE, "proxy-": PROXY, "cluster-": CLUSTER, "cluster-ro-": CLUSTER}
    if found is None or found["mark"] not in kinds:
        return DatabaseName(HOSTNAME, host, host)
    return DatabaseName(kinds[found["mark"]], found["label"], host)
