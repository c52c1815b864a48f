# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tags that say what is ours, and for which connection or proxy. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Optional

OWN_TAGS = "cloudops.lambda_rds:"
TAG_DATABASE = "cloudops.lambda_rds:database"
TAG_FUNCTION = "cloudops.lambda_rds:function"
TAG_SCOPE = "cloudops.lambda_rds:scope"
TAG_PROXY = "cloudops.lambda_rds:proxy"

# What TAG_SCOPE says of a group or rule: for one function, for all of a database, or for a group that is not ours.
FUNCTION = "function"
DATABASE = "database"
EXISTING = "existing"
# The scope of rules between a proxy and the database behind it, which all functions of the proxy share.
BEHIND = "behind-proxy"

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
MAX_TAGS = 50


def tags_from(listed: Optional[Iterable[Mapping[str, str]]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed or ()}
