# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The calls that the modules for proxies make, each with a story in which it meets its errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.info import read_proxies
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import preview, run

from ..calls import Call, Job, Options
from .asking import present, want
from .conftest import NEW, Account

ORDERS: Options = {"db_instance_identifier": "orders"}


def create(account: Account) -> Options:
    return {**ORDERS, **NEW}


def take_back(account: Account) -> Options:
    present(account.aws, **NEW)
    return {"state": "absent"}


def modify(account: Account) -> Options:
    present(account.aws, **NEW)
    return {**ORDERS, "idle_client_timeout": 60}


def modify_pool(account: Account) -> Options:
    present(account.aws, **NEW)
    return {**ORDERS, "connection_pool": {"connection_borrow_timeout": 5}}


def tag(account: Account) -> Options:
    present(account.aws, **NEW)
    return {**ORDERS, "tags": {"Team": "a"}}


def untag(account: Account) -> Options:
    present(account.aws, **NEW, tags={"Team": "a"})
    return {**ORDERS, "tags": {}}


def show(account: Account) -> Options:
    present(account.aws, **NEW)
    return {}


def _look(_wanted: Options, aws: Aws, sleep: Callable[[float], None] | None = None) -> dict[str, Any]:
    return read_proxies(None, aws, "eu-central-1")


PROXY = Job(Account, want, run, preview)
INFO = Job(Account, dict, _look, _look)
NAME = "RDS Proxy shop"
ARN = r"RDS Proxy arn:\S+"

CALLS = [
    Call("DescribeDBProxies", "describe proxies", take_back, PROXY),
    Call("DescribeDBProxies", f"describe {NAME}", create, PROXY, "CreateDBProxy"),
    Call("DescribeDBProxyTargetGroups", f"describe target group of {NAME}", take_back, PROXY),
    Call("DescribeDBProxyTargets", f"describe targets of {NAME}", take_back, PROXY),
    Call("DescribeDBProxyTargets", f"describe targets of {NAME}", create, PROXY, "RegisterDBProxyTargets"),
    Call("DescribeDBProxyEndpoints", "describe endpoints of proxies", show, INFO),
    Call("ListTagsForResource", f"list tags of {ARN}", take_back, PROXY),
    Call("CreateDBProxy", f"create {NAME}", create, PROXY),
    Call("ModifyDBProxy", f"modify {NAME}", modify, PROXY),
    Call("ModifyDBProxyTargetGroup", f"modify the connection pool of {NAME}", modify_pool, PROXY),
    Call("RegisterDBProxyTargets", f"register instance orders with {NAME}", create, PROXY),
    Call("DeregisterDBProxyTargets", f"deregister instance orders from {NAME}", take_back, PROXY),
    Call("DeleteDBProxy", f"delete {NAME}", take_back, PROXY),
    Call("AddTagsToResource", f"tag {ARN}", tag, PROXY),
    Call("RemoveTagsFromResource", f"remove tags from {ARN}", untag, PROXY),
]
_GONE = ("DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault", "DBProxyTargetNotFoundFault")
_NOT_SHOWN = (*_GONE, "InvalidDBProxyStateFault")
_AFTER_REGISTRATION = "DescribeDBProxyTargets-after-RegisterDBProxyTargets"
# What is no failure of these: there is no such proxy, or no more, or it does not show its target.
GOES_ON = {
    "DescribeDBProxies": _GONE,
    "DescribeDBProxies-after-CreateDBProxy": (),
    "DescribeDBProxyTargetGroups": _NOT_SHOWN,
    "DescribeDBProxyTargets": _NOT_SHOWN,
    _AFTER_REGISTRATION: (),
    "DescribeDBProxyEndpoints": _GONE,
    "ListTagsForResource": (*_GONE, "DBInstanceNotFound", "DBClusterNotFoundFault"),
}
# Here the account shows otherwise, and the wait for what should come runs out.
REFUSED = {
    "DescribeDBProxies-after-CreateDBProxy": {
        "DBProxyNotFoundFault": "The proxy shop was not shown yet after 1800 seconds."
    },
    _AFTER_REGISTRATION: dict.fromkeys(
        _NOT_SHOWN, "The proxy shop cannot use its database. AWS shows no target of it yet."
    ),
    "DeleteDBProxy": {"DBProxyNotFoundFault": "The proxy shop was available after 1800 seconds."},
}
