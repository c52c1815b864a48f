# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is wrong, or worth knowing, with a path, a connection or a proxy. PRIVATE to the collection.

A finding has no text of its own: english.py and japanese.py have it, codes.py the page that it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Optional

# The path is closed, or not proved to be open.
BLOCKS = "blocks"
RISK = "risk"
NOTE = "note"

BLOCKING_SHARE = Fraction(1, 100)
"""From this share of the connections on, what closes them closes the path; below it, it is a risk.

One port that an ACL denies, such as 3389, is 1 of 64,512. Nobody notices that: a client that retries gets another port.
1 in 100 is what an error rate would show. Lambda functions have at most 16 subnets
(https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html), so one that is cut off is never below it.
"""


class Text(NamedTuple):
    """A finding in a language: in a few words, what is wrong, and what to do. ``{values}`` fill the places."""

    brief: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """``code`` is stable; ``values`` fill the places of its text, beside ``resource``.

    ``share`` is that of the connections that it closes. ``fixed``: not by their port, so a retry does not help.
    """

    code: str
    severity: str
    resource: str
    values: Mapping[str, str] = field(default_factory=dict)
    share: Optional[Fraction] = None
    fixed: bool = False
