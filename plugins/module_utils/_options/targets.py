# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that name functions and the database. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Optional

from .._model.names import (
    BY_IDS,
    CLUSTER,
    HOSTNAME,
    INSTANCE,
    PROXY,
    DatabaseName,
    FunctionName,
    read_endpoint,
    read_function_name,
)
from .validation import Refusals

_DATABASE_OPTIONS = {
    "db_instance_identifier": INSTANCE,
    "db_cluster_identifier": CLUSTER,
    "db_proxy_name": PROXY,
    "db_hostname": HOSTNAME,
}


def target_options() -> dict[str, dict[str, Any]]:
    """The options themselves, as an argument spec."""
    return {
        "function_name": {"type": "str"},
        "function_names": {"type": "list", "elements": "str"},
        "function_name_prefix": {"type": "str"},
        "function_tags": {"type": "dict"},
        "db_instance_identifier": {"type": "str"},
        "db_cluster_identifier": {"type": "str"},
        "db_proxy_name": {"type": "str"},
        "db_hostname": {"type": "str"},
        "vpc_id": {"type": "str"},
        "rds_security_group_ids": {"type": "list", "elements": "str"},
        "port": {"type": "int"},
    }


def read_functions(params: Mapping[str, Any], region: Optional[str], refusals: Refusals) -> tuple[FunctionName, ...]:
    """The functions that function_name, or function_names, names, each once; none where they are chosen otherwise."""
    one, many = params["function_name"], params["function_names"]
    chosen = params["function_name_prefix"] is not None or params["function_tags"] is not None
    ways = [one is not None, many is not None, chosen]
    if sum(ways) != 1:
        refusals.add(
            "function_name, function_names, function_name_prefix, function_tags",
            "together" if any(ways) else "none of them",
            "exactly one way to name the functions is needed.",
            "Give a name, or a list of names, or choose them by function_name_prefix and function_tags.",
        )
    if sum(ways) != 1 or chosen:
        return ()
    option = "function_names" if one is None else "function_name"
    if many is not None and not many:
        refusals.add(option, "[]", "the list is empty.", "Name at least one function, or skip the task.")
    read: dict[str, list[FunctionName]] = {}
    for given in many if one is None else [one]:
        function = _function(option, given, region, refusals)
        if function is not None:
            read.setdefault(function.name, []).append(function)
    for same in read.values():
        _check_one_function(option, same, refusals)
    return tuple(same[0] for same in read.values())


def _check_one_function(option: str, same: Sequence[FunctionName], refusals: Refusals) -> None:
    """Tags, rules and results know a function by its name."""
    if any(one.is_other_than(other) for one, other in combinations(same, 2)):
        refusals.add(
            option,
            ", ".join(dict.fromkeys(each.given for each in same)),
            f"are several functions of the name {same[0].name}, in different accounts or Regions, which one task cannot"
            " tell apart.",
            "Name each of them in a task of its own, with the Region and the credentials of its account.",
        )


def _function(option: str, given: str, region: Optional[str], refusals: Refusals) -> Optional[FunctionName]:
    function = read_function_name(given)
    if function is None:
        refusals.add(
            option,
            given or "empty",
            "is not the name or the ARN of a Lambda function.",
            "Give a name such as my-function, or arn:aws:lambda:REGION:ACCOUNT:function:my-function.",
        )
    elif function.qualifier is not None:
        refusals.add(
            option,
            given,
            f"has the qualifier {function.qualifier}, but a published version cannot be changed and an alias only"
            " points to one: the VPC configuration belongs to the function itself.",
            f"Leave the qualifier out ({given[: -len(function.qualifier) - 1]}).",
        )
    elif region is not None and function.region not in (None, region):
        refusals.add(
            option,
            given,
            f"is in Region {function.region}, but the task works in {region}.",
            f"Set region to {function.region}, or name a function of {region}.",
        )
    else:
        return function
    return None


def read_database(params: Mapping[str, Any], refusals: Refusals) -> Optional[DatabaseName]:
    """The database that the options name; None where they name none, or more than one."""
    named = [option for option in _DATABASE_OPTIONS if params[option] is not None]
    if len(named) > 1:
        refusals.add(", ".join(named), "together", "name more than one database.", "Keep one of them.")
        return None
    if not named:
        return _database_by_ids(params, refusals)
    option, value = named[0], params[named[0]].strip()
    if not value:
        refusals.add(option, "empty", "names no database.", "Give its identifier.")
        return None
    if option == "db_hostname":
        return read_endpoint(value)
    return DatabaseName(_DATABASE_OPTIONS[option], value.lower())


def _database_by_ids(params: Mapping[str, Any], refusals: Refusals) -> Optional[DatabaseName]:
    needed = ("vpc_id", "rds_security_group_ids", "port") if params["state"] == "present" else ("vpc_id",)
    missing = [option for option in needed if not params[option]]
    if missing:
        refusals.add(
            ", ".join(missing),
            "missing",
            "no database is named.",
            "Give db_instance_identifier, db_cluster_identifier or db_hostname; or by hand vpc_id, subnet_ids,"
            " rds_security_group_ids and port.",
        )
        return None
    return DatabaseName(BY_IDS, params["vpc_id"])
