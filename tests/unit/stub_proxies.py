# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an account in memory answers to the calls of RDS that are about proxies (stub_clients.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Asked = Mapping[str, Any]


def _tags(listed: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed}


def _create(world: Any, asked: Asked) -> None:
    named = ("DBProxyName", "EngineFamily", "VpcSubnetIds", "Tags")
    settings = {key: value for key, value in asked.items() if key not in named}
    name, family, subnets, tags = (asked[key] for key in named)
    world.create_proxy(name, family, subnets, settings, _tags(tags))


def _modify(world: Any, asked: Asked) -> None:
    world.modify_proxy(asked["DBProxyName"], {key: value for key, value in asked.items() if key != "DBProxyName"})


def _database(asked: Asked) -> tuple[str, str]:
    if "DBClusterIdentifiers" in asked:
        return "cluster", asked["DBClusterIdentifiers"][0]
    return "instance", asked["DBInstanceIdentifiers"][0]


def _tag_list(world: Any, asked: Asked) -> dict[str, Any]:
    tags = world.list_proxy_tags(asked["ResourceName"])
    return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


PROXY_ANSWERS: dict[str, Callable[[Any, Asked], Any]] = {
    "DescribeDBProxies": lambda world, asked: {"DBProxies": world.describe_proxies(asked.get("DBProxyName"))},
    "DescribeDBProxyTargetGroups": lambda world, asked: {
        "TargetGroups": world.describe_proxy_target_groups(asked["DBProxyName"])
    },
    "DescribeDBProxyTargets": lambda world, asked: {"Targets": world.describe_proxy_targets(asked["DBProxyName"])},
    "DescribeDBProxyEndpoints": lambda world, asked: {"DBProxyEndpoints": world.describe_proxy_endpoints()},
    "ListTagsForResource": _tag_list,
    "CreateDBProxy": _create,
    "ModifyDBProxy": _modify,
    "ModifyDBProxyTargetGroup": lambda world, asked: world.modify_proxy_pool(
        asked["DBProxyName"], asked["ConnectionPoolConfig"]
    ),
    "RegisterDBProxyTargets": lambda world, asked: world.register_proxy_target(asked["DBProxyName"], *_database(asked)),
    "DeregisterDBProxyTargets": lambda world, asked: world.deregister_proxy_target(
        asked["DBProxyName"], *_database(asked)
    ),
    "DeleteDBProxy": lambda world, asked: world.delete_proxy(asked["DBProxyName"]),
    "AddTagsToResource": lambda world, asked: world.tag_proxy(asked["ResourceName"], _tags(asked["Tags"])),
    "RemoveTagsFromResource": lambda world, asked: world.untag_proxy(asked["ResourceName"], asked["TagKeys"]),
}
