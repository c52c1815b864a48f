# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README's IAM policy suffices to look at paths; without any of the actions that takes, the look tells which."""

from __future__ import annotations

import pytest

from .desk import Desk, Done, Proved
from .looks import LOOKS, ONLY_LOOKED_AT
from .policy import actions, printed_policy, without
from .runs import Run, Task

# By the runs of LOOKS; the quota of rules is asked for only where groups are close to it, which is in played.py, and
# ministack drops prefix lists from rules and routes.
TAKEN = (
    *(each for each in ONLY_LOOKED_AT if "PrefixList" not in each),
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcPeeringConnections",
    "lambda:GetFunction",
    "lambda:ListAliases",
    "lambda:ListFunctions",
    "lambda:ListVersionsByFunction",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBProxies",
    "rds:DescribeDBProxyTargets",
    "rds:DescribeDBSubnetGroups",
)


def unread(done: Done) -> set[str]:
    """The actions that the findings say are not allowed."""
    codes = ("not_read", "not_looked_at")
    return {
        finding["resource"]
        for verdict in done.printed["connections"]
        for finding in verdict["findings"]
        if finding["code"] in codes
    }


def look(desk: Desk, run: Run, denied: str = "") -> list[Done]:
    """One after the other, under the policy or without an action of it."""
    identity, tasks = desk.begin(run)
    policy = without(denied) if denied else printed_policy()
    done = []
    for task in tasks:
        identity.may(policy)
        done.append(desk.perform(task, identity))
        assert not done[-1].failed, done[-1].printed["msg"]
        assert done[-1].before == done[-1].after
    return done


def look_where_all_is_allowed(desk: Desk, run: Run) -> list[Done]:
    """Once a test process."""
    if run.__name__ not in desk.allowed:
        desk.allowed[run.__name__] = [(Task({}), done) for done in look(desk, run)]
    return [done for _task, done in desk.allowed[run.__name__]]


@pytest.mark.parametrize("run", LOOKS, ids=lambda run: run.__name__)
def test_the_policy_is_enough_to_look(desk: Desk, run: Run) -> None:
    for done in look_where_all_is_allowed(desk, run):
        assert unread(done) == set()
        assert set(done.calls) <= set(actions())


def test_nothing_else_is_taken(desk: Desk) -> None:
    called = {call for run in LOOKS for done in look_where_all_is_allowed(desk, run) for call in done.calls}
    assert called == set(TAKEN)


@pytest.mark.parametrize("action", TAKEN)
def test_what_may_not_be_read_is_told(desk: Desk, action: str, proved: Proved) -> None:
    """In the first run that calls it."""
    run = next(run for run in LOOKS if any(action in done.calls for done in look_where_all_is_allowed(desk, run)))
    for done in look(desk, run, denied=action):
        assert unread(done) == {action}
    proved("told by a look where it is not allowed", action)
