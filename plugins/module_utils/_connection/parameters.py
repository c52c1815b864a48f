# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the task's options to what is wanted. PRIVATE to the collection.

Types, choices and defaults are Ansible's to check (``argument_spec``); here is what it cannot: forms, ranges and
contradictions. All that is wrong is reported at once, before AWS is asked anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from .._errors import RefusedError
from .._model.functions import MAX_SUBNETS
from .._model.names import BY_IDS, DatabaseName, FunctionName
from .._model.ownership import DATABASE, EXISTING, FUNCTION
from .._options.egress_rules import ExtraRule, read_egress_rules
from .._options.function_selection import Selection, read_selection
from .._options.targets import read_database, read_functions, target_options
from .._options.validation import (
    Refusals,
    check_group_name,
    check_ids,
    check_port,
    check_seconds,
    check_tags,
    read_tags,
)

# Less than one update of a function a second is a mistake rather than a wish.
_LEAST_PACE = 0.05
# https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
# PostgreSQL's names have 63 characters at most, the others' fewer; * and ? are wildcards of IAM's
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html).
_USER = re.compile(r"[^\s/:'\"\\]{1,63}")
_ALIAS = re.compile(r"(?!\d+$)[a-zA-Z0-9_-]{1,128}")


def argument_spec() -> dict[str, dict[str, Any]]:
    """The module's own options; amazon.aws adds the connection's."""
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **target_options(),
        "db_users": {"type": "list", "elements": "str"},
        "subnet_ids": {"type": "list", "elements": "str"},
        "security_group_scope": {"type": "str", "choices": [FUNCTION, DATABASE], "default": FUNCTION},
        "security_group_id": {"type": "str"},
        "security_group_name": {"type": "str"},
        "console_names": {"type": "bool", "default": False},
        "allow_all_outbound": {"type": "bool", "default": False},
        "egress_rules": {
            "type": "list",
            "elements": "dict",
            "options": {
                "proto": {"type": "str", "default": "tcp"},
                "from_port": {"type": "int"},
                "to_port": {"type": "int"},
                "cidr_ip": {"type": "str"},
                "cidr_ipv6": {"type": "str"},
                "group_id": {"type": "str"},
                "ip_prefix": {"type": "str"},
                "rule_desc": {"type": "str", "default": ""},
            },
        },
        "purge_egress_rules": {"type": "bool", "default": False},
        "allow_vpc_change": {"type": "bool", "default": False},
        "ipv6_allowed_for_dual_stack": {"type": "bool"},
        "publish": {"type": "bool", "default": False},
        "alias": {"type": "str"},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 600},
        "release_timeout": {"type": "int", "default": 0},
        "request_pace": {"type": "float", "default": 1.0},
        "verify": {"type": "bool", "default": False},
        "language": {"type": "str", "choices": ["en", "ja"], "default": "en"},
        "preview_after": {"type": "list", "elements": "dict"},
    }


@dataclass(frozen=True)
class Options:
    """What the parameters ask for. ``scope`` is "existing" where security_group_id names the client group.

    Where there is a ``selection``, the functions are known once AWS has been asked. ``db_users`` is None where login
    policies are left as they are. ``region`` is the one that the task works in.
    """

    state: str
    functions: tuple[FunctionName, ...]
    database: DatabaseName
    selection: Optional[Selection] = None
    vpc_id: Optional[str] = None
    region: str = ""
    db_users: Optional[tuple[str, ...]] = None
    subnet_ids: tuple[str, ...] = ()
    rds_security_group_ids: tuple[str, ...] = ()
    port: Optional[int] = None
    scope: str = FUNCTION
    security_group_id: Optional[str] = None
    security_group_name: Optional[str] = None
    console_names: bool = False
    allow_all_outbound: bool = False
    egress_rules: tuple[ExtraRule, ...] = ()
    purge_egress_rules: bool = False
    allow_vpc_change: bool = False
    ipv6_allowed_for_dual_stack: Optional[bool] = None
    publish: bool = False
    alias: Optional[str] = None
    tags: Optional[Mapping[str, str]] = field(default=None)
    purge_tags: bool = True
    wait: bool = True
    wait_timeout: int = 600
    release_timeout: int = 0
    verify: bool = False
    language: str = "en"

    @property
    def present(self) -> bool:
        return self.state == "present"

    @property
    def verified(self) -> bool:
        """Whether to check the path: a connection that is removed has none."""
        return self.verify and self.present

    def without(self, names: Collection[str]) -> Options:
        """The same for the other functions."""
        return replace(self, functions=tuple(each for each in self.functions if each.name not in names))

    @property
    def by_ids(self) -> bool:
        return self.database.kind == BY_IDS


def parse(params: Mapping[str, Any], region: Optional[str] = None) -> Options:
    """Reads the task's options.

    :param params: the options, of the types that ``argument_spec`` gives them
    :param region: the Region that the task works in, to compare with those of ARNs
    :raises RefusedError: with every contradiction and every malformed value
    """
    refusals = Refusals()
    selection = read_selection(params, refusals)
    functions = read_functions(params, region, refusals)
    database = read_database(params, refusals)
    _check_ids(params, refusals)
    _check_client_group(params, refusals)
    _check_publish(params, refusals)
    _check_users(params, database, refusals)
    _check_numbers(params, refusals)
    check_tags(params, refusals)
    extra = read_egress_rules(params["egress_rules"] or [], refusals.found)
    if refusals.found or database is None:
        raise RefusedError(refusals.found)
    return Options(
        state=params["state"],
        functions=functions,
        database=database,
        selection=selection,
        vpc_id=params["vpc_id"],
        region=region or "",
        db_users=None if params["db_users"] is None else tuple(sorted(set(params["db_users"]))),
        subnet_ids=tuple(dict.fromkeys(params["subnet_ids"] or ())),
        rds_security_group_ids=tuple(dict.fromkeys(params["rds_security_group_ids"] or ())),
        port=params["port"],
        scope=EXISTING if params["security_group_id"] else params["security_group_scope"],
        security_group_id=params["security_group_id"],
        security_group_name=params["security_group_name"],
        console_names=params["console_names"],
        allow_all_outbound=params["allow_all_outbound"],
        egress_rules=extra,
        purge_egress_rules=params["purge_egress_rules"],
        allow_vpc_change=params["allow_vpc_change"],
        ipv6_allowed_for_dual_stack=params["ipv6_allowed_for_dual_stack"],
        publish=params["publish"],
        alias=params["alias"],
        tags=read_tags(params["tags"]),
        purge_tags=params["purge_tags"],
        wait=params["wait"],
        wait_timeout=params["wait_timeout"],
        release_timeout=params["release_timeout"],
        verify=params["verify"],
        language=params["language"],
    )


def _check_ids(params: Mapping[str, Any], refusals: Refusals) -> None:
    prefixes = {"vpc_id": "vpc-", "subnet_ids": "subnet-", "rds_security_group_ids": "sg-", "security_group_id": "sg-"}
    check_ids(params, prefixes, refusals)
    subnets = params["subnet_ids"] or []
    if len(set(subnets)) > MAX_SUBNETS:
        refusals.add(
            "subnet_ids", len(set(subnets)), f"a function takes at most {MAX_SUBNETS} subnets.", "Name fewer of them."
        )


def _check_client_group(params: Mapping[str, Any], refusals: Refusals) -> None:
    name = params["security_group_name"]
    check_group_name(name, "Choose another name, or name an existing group by security_group_id.", refusals)
    given = {
        "security_group_name": name is not None,
        "console_names": params["console_names"],
        "allow_all_outbound": params["allow_all_outbound"],
        "egress_rules": bool(params["egress_rules"]),
        "purge_egress_rules": params["purge_egress_rules"],
        "tags": bool(params["tags"]),
        "security_group_scope": params["security_group_scope"] != FUNCTION,
    }
    if params["security_group_id"] is not None:
        for option in (option for option, is_given in given.items() if is_given):
            refusals.add(
                option,
                params[option],
                "applies to a client group that this module makes, but security_group_id names one that is not ours.",
                f"Leave out {option} or security_group_id.",
            )
    elif name is not None and params["console_names"]:
        refusals.add("console_names", "true", "contradicts security_group_name.", "Leave out one of the two.")
    many = params["function_name"] is None and len(set(params["function_names"] or ["any", "number"])) > 1
    if name is not None and many and params["security_group_scope"] == FUNCTION:
        refusals.add(
            "security_group_name",
            name,
            "is one name, but every function gets a group of its own (security_group_scope=function).",
            "Leave it out, or set security_group_scope to database.",
        )


def _check_users(params: Mapping[str, Any], database: Optional[DatabaseName], refusals: Refusals) -> None:
    users = params["db_users"] or []
    for user in users:
        if not _USER.fullmatch(user):
            reason = "is not a database user's name: 1 to 63 characters without blanks, slashes, colons and quotes."
            refusals.add("db_users", user or "empty", reason, "Give the user's name as the database has it.")
    if users and database is not None and database.kind == BY_IDS:
        refusals.add(
            "db_users",
            ", ".join(users),
            "IAM knows a database by an id that only RDS tells, but this one is given by vpc_id.",
            "Name it by db_instance_identifier, db_cluster_identifier, db_proxy_name or db_hostname.",
        )


def _check_publish(params: Mapping[str, Any], refusals: Refusals) -> None:
    alias = params["alias"]
    if alias is not None and not _ALIAS.fullmatch(alias):
        reason = "is not an alias's name: 1 to 128 letters, digits, - and _, not digits alone."
        refusals.add("alias", alias or "empty", reason, "Give the name of an alias that the functions have.")
    if alias is not None and not params["publish"]:
        reason = "an alias can only be moved to a published version."
        refusals.add("alias", alias, reason, "Set publish to true as well, or leave alias out.")
    if params["publish"] and not params["wait"]:
        reason = "Lambda publishes no version while an update is in progress."
        refusals.add("publish", "true", reason, "Leave wait at true.")


def _check_numbers(params: Mapping[str, Any], refusals: Refusals) -> None:
    check_port(params["port"], refusals)
    check_seconds(params, ("wait_timeout", "release_timeout"), refusals)
    pace = params["request_pace"]
    if pace != 0 and not _LEAST_PACE <= pace <= 1:
        reason = f"is not a share from {_LEAST_PACE} to 1, and not 0."
        refusals.add("request_pace", pace, reason, "Give 0.5 to leave half of AWS's limits to others, for example.")
