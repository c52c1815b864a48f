# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of each block: it is tried out, compared with what the product says, or listed with a reason why not.

A block that is not here fails, and so does an entry that no block belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .claims import (
    a_second_run_changes_nothing,
    check_mode_shows_it,
    connect,
    connects,
    deletes_groups,
    detach_takes_it_back,
    fails_as_quoted,
    leave_a_group,
    passes_through_a_proxy,
    proxies_can_be_looked_at,
    publishes_for,
    reports_to,
    says_in_japanese,
    share_one_group,
    succeeds,
    works_without,
    writes_nothing,
)
from .comparisons import iam_policy, progress_lines
from .documents import Block, Place
from .stage import Example
from .worlds import (
    ACCOUNTS,
    BLOCKED,
    CALLED_BY_AN_ALIAS,
    CONNECTED_BY_HAND,
    OUTLET_FRANKFURT,
    SHOP,
    SHOP_FRANKFURT,
    SHOP_IRELAND,
)

README = "README.md"
ROLE = "roles/connect_lambda_rds/README.md"
ACCOUNTS_PAGE = "docs/accounts.md"


@dataclass(frozen=True)
class Compared:
    """A block that is not run; `how` raises an AssertionError if it is not as the product has it."""

    place: Place
    how: Callable[[Block], None]

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.place,)


@dataclass(frozen=True)
class Listed:
    """A block that is neither run nor compared."""

    place: Place
    reason: str

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.place,)


_ATTACH = Place(README, "Example", 2)
_WHY = "Why can my function not reach the database?"
_ONE_PLAY = "One play over several accounts and Regions"
_INVENTORY = Place(ACCOUNTS_PAGE, _ONE_PLAY, 1)
_BOTH = ("orders-api", "orders-worker")

EXAMPLES = (
    Example(
        Place(README, "Example", 1),
        SHOP,
        (succeeds(changed=2), connects("nightly-report", *_BOTH)),
    ),
    Example(
        _ATTACH,
        SHOP,
        (succeeds(changed=1), connects("nightly-report"), detach_takes_it_back, check_mode_shows_it),
    ),
    Example(
        Place(README, "Directly, or through an RDS Proxy"),
        SHOP,
        (succeeds(), connects("orders-api"), passes_through_a_proxy(iam_login=False)),
    ),
    Example(
        Place(README, "Published versions and aliases"),
        CALLED_BY_AN_ALIAS,
        (succeeds(changed=1), connects("nightly-report"), publishes_for("live")),
    ),
    Example(
        Place(README, "Many functions", 1),
        SHOP,
        (succeeds(changed=1), connects(*_BOTH), share_one_group(*_BOTH)),
    ),
    Example(
        Place(README, _WHY, 1),
        BLOCKED,
        (fails_as_quoted, writes_nothing, reports_to("nightly-report.html")),
        quoted=Place(README, _WHY, 2),
    ),
    Example(
        Place(README, "Nightly cleanup"),
        SHOP,
        (succeeds(changed=1), deletes_groups("nightly-report-lambda-sg"), check_mode_shows_it),
        first=(leave_a_group(_ATTACH),),
    ),
    Example(
        Place(ROLE, "Example"),
        SHOP,
        (
            succeeds(changed=1),
            connects("nightly-report"),
            a_second_run_changes_nothing("--tags connect_lambda_rds"),
        ),
    ),
    Example(
        Place(ROLE, "Through an RDS Proxy"),
        SHOP,
        (succeeds(), connects("orders-api"), passes_through_a_proxy(iam_login=True), proxies_can_be_looked_at),
    ),
    Example(
        Place(ROLE, "Verdict and report"),
        CONNECTED_BY_HAND,
        (succeeds(changed=1), reports_to("nightly-report.html"), says_in_japanese),
    ),
    Example(
        Place(ROLE, "A loop over connections"),
        SHOP,
        (succeeds(changed=2), connects("nightly-report", "importer")),
    ),
    Example(
        Place(ROLE, "Nightly cleanup"),
        SHOP,
        (succeeds(changed=1), deletes_groups("nightly-report-lambda-sg")),
        first=(leave_a_group(_ATTACH),),
    ),
    Example(
        Place(ACCOUNTS_PAGE, _ONE_PLAY, 2),
        ACCOUNTS,
        (
            succeeds(changed=3),
            connects(*_BOTH, profile=SHOP_FRANKFURT[0], region=SHOP_FRANKFURT[1]),
            connects(*_BOTH, profile=SHOP_IRELAND[0], region=SHOP_IRELAND[1]),
            connects(profile=OUTLET_FRANKFURT[0], region=OUTLET_FRANKFURT[1]),
        ),
        first=(connect("outlet-frankfurt"),),
        files=(_INVENTORY,),
    ),
    Example(
        Place(ACCOUNTS_PAGE, "With module_defaults"),
        ACCOUNTS,
        (
            succeeds(changed=2),
            works_without("connect_lambda_rds_profile", "connect_lambda_rds_region"),
            connects(*_BOTH, profile=SHOP_FRANKFURT[0], region=SHOP_FRANKFURT[1]),
            connects(*_BOTH, profile=SHOP_IRELAND[0], region=SHOP_IRELAND[1]),
            connects(profile=OUTLET_FRANKFURT[0], region=OUTLET_FRANKFURT[1]),
        ),
        files=(_INVENTORY,),
    ),
)

COMPARED = (
    Compared(Place(README, "Many functions", 2), progress_lines),
    Compared(Place(README, "IAM policy"), iam_policy),
)

LISTED = (
    Listed(Place(README, "cloudops.lambda_rds"), "a diagram"),
    Listed(
        Place(README, "Requirements"),
        "downloads from Galaxy; `make tarball` installs the collection from its file, and runs its playbooks",
    ),
)
