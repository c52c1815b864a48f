# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Random tasks that connect functions of a random account (worlds.py), few of which will be refused."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.tests.survival.worlds import (
    ALIAS,
    FUNCTIONS,
    Database,
    World,
    groups_of,
    some,
    subnets_of,
)

Task = dict[str, Any]


def rarely() -> st.SearchStrategy[bool]:
    return st.sampled_from([False] * 4 + [True])


@st.composite
def tasks(draw: st.DrawFn, world: World) -> Task:
    """The options, with names in the place of ids."""
    functions = draw(some(FUNCTIONS))
    database = draw(st.sampled_from(world.databases))
    vpc = draw(st.sampled_from([database.vpc, database.vpc, *world.peers_of(database.vpc)]))
    task = {"function_names": list(functions), **draw(_named(database, vpc)), **draw(_client(world, vpc))}
    moves = any(world.function(name).vpc not in (None, vpc) for name in functions)
    if moves and not draw(rarely()):
        task["allow_vpc_change"] = True
    if "subnet_ids" not in task and draw(rarely()):
        task["subnet_ids"] = list(draw(some(subnets_of(vpc))))
    if draw(rarely()):
        task["ipv6_allowed_for_dual_stack"] = draw(st.booleans())
    if draw(rarely()):
        task["release_timeout"] = 60
    kind = draw(st.sampled_from([None, None, None, "publish", "no wait"]))
    if kind == "no wait":
        task["wait"] = False
    elif kind == "publish":
        task["publish"] = True
        if all(world.function(name).versions for name in functions):
            task["alias"] = ALIAS
    return task


@st.composite
def _named(draw: st.DrawFn, database: Database, vpc: str) -> Task:
    """The database, and where its functions go."""
    name, is_cluster = database.name, database.kind == "cluster"
    ways: list[Task] = [{f"db_{database.kind}_identifier": name}, {"db_hostname": f"@{name}"}]
    if is_cluster:
        ways.append({"db_instance_identifier": f"{name}-2"})
    place = {"vpc_id": f"@{vpc}", "subnet_ids": list(draw(some(subnets_of(vpc))))}
    groups = list(draw(some(list(database.groups))))
    by_hand = {**place, "rds_security_group_ids": groups, "port": draw(st.sampled_from([5432, 6432]))}
    named = draw(st.sampled_from([*ways, by_hand]))
    return named if vpc == database.vpc or named is by_hand else {**named, **place}


@st.composite
def _client(draw: st.DrawFn, world: World, vpc: str) -> Task:
    """The options of the client group; each is often left out."""
    if draw(rarely()):
        return {"security_group_id": draw(st.sampled_from(groups_of(vpc)))}
    extra = [
        {"from_port": 443, "cidr_ip": "10.0.0.0/8"},
        {"from_port": 443, "group_id": f"@{vpc}/logs"},
        {"proto": "-1", "cidr_ipv6": "2001:db8::/32"},
    ]
    options = st.fixed_dictionaries(
        {"security_group_scope": st.sampled_from(["function", "database"])},
        optional={
            "console_names": st.just(True),  # noqa: FBT003 - a value, not a flag
            "allow_all_outbound": st.booleans(),
            "egress_rules": st.lists(st.sampled_from(extra), unique_by=str),
            "tags": st.sampled_from([{"Team": "a"}, {"Team": "a", "Cost": "4711"}]),
        },
    )
    return draw(options)
