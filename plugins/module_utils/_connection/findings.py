# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that the user should know, though nothing is wrong with the task. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import asdict, dataclass

LAMBDA_VPC_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"


@dataclass(frozen=True)
class Finding:
    """``code`` is stable; ``severity`` is "risk" (also a warning) or "note"; ``source`` is the page it rests on."""

    code: str
    severity: str
    resource: str
    message: str
    remedy: str
    source: str = LAMBDA_VPC_GUIDE

    @property
    def data(self) -> dict[str, str]:
        return asdict(self)


def internet_lost(function: str) -> Finding:
    return Finding(
        "internet_lost",
        "risk",
        function,
        f"The function {function} was outside any VPC; in the VPC it reaches the internet and AWS services such as"
        " Secrets Manager only by a NAT route or VPC endpoints.",
        "See that the subnets have what the function calls.",
    )


def not_given_back(function: str, saved: str) -> Finding:
    return Finding(
        "not_given_back",
        "risk",
        function,
        f"What the function {function} had before it was connected is gone ({saved}), so it could not be given back.",
        "Attach the function by hand if it still needs a VPC.",
    )


def left_on(function: str, group_id: str) -> Finding:
    return Finding(
        "left_on",
        "note",
        function,
        f"The function {function} wears {group_id}, which is not ours and was not put on it by this module; it stays.",
        "Take it off by hand if it is no longer needed.",
    )
