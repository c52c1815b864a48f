# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as lambda_rds_connection_info returns them, for the tests of its report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import (
    BLOCKS,
    NOTE,
    RISK,
    Finding,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    CLOSED,
    OPEN,
    PARTLY,
    UNKNOWN,
    Hop,
    Verdict,
    path_of_all,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import (
    finding_data,
    hop_data,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.diagram import diagram
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.segment_verdict import (
    HOPS as BETWEEN,
)

VPC = "vpc-0a1b2c3d4e5f60718"
SUBNETS = ("subnet-0a11aa11aa11aa111", "subnet-0b22bb22bb22bb222", "subnet-0c33cc33cc33cc333")
CLIENTS, SERVER, POOL_GROUP = "sg-0c1c1c1c1c1c1c1c1", "sg-0d2d2d2d2d2d2d2d2", "sg-0e3e3e3e3e3e3e3e3"
TABLE, ACL = "rtb-0f4f4f4f4f4f4f4f4", "acl-0a5a5a5a5a5a5a5a5"
HOST = "c9akciq32rgb.eu-central-1.rds.amazonaws.com"
SHOP = Database("instance", "shop", VPC, SUBNETS, (SERVER,), 5432, f"shop.{HOST}", "available", "db-ABCDEFGHIJ")
POOL = Database("proxy", "shop-pool", VPC, SUBNETS, (POOL_GROUP,), 5432, f"shop-pool.proxy-{HOST}", "available")

_NO_RULE = {"groups": SERVER, "source": "{}", "target": "shop", "peers": CLIENTS, "protocol": "tcp", "port": "5432"}
_ACL = {"subnets": SUBNETS[2], "others": SUBNETS[0], "protocol": "tcp", "port": "5432"}
_PAIRS = {"closed": f"{SUBNETS[0]} -> {SUBNETS[2]}", "open": f"{SUBNETS[0]} -> {SUBNETS[1]}"}
_ELSEWHERE = {"subnets": ", ".join(SUBNETS[:2]), "services": "kms, secretsmanager, ssm, sts"}


def _segment(number: int, source: str, target: str, wrong: Iterable[tuple[str, str, str]] = ()) -> list[Hop]:
    attached = {"egress": (source,), "ingress": (target,), "route": (TABLE,), "return": (TABLE, ACL)}
    hops = [Hop(kind, number, OPEN, attached.get(kind, (ACL,)), _detail(kind)) for kind in BETWEEN]
    for kind, state, code in wrong:
        at = next(index for index, hop in enumerate(hops) if hop.kind == kind)
        hops[at] = replace(hops[at], state=state, codes=(*hops[at].codes, code))
    return hops


def _detail(kind: str) -> str:
    return "" if kind in ("route", "return") else "tcp/5432"


def _about(name: str, *findings: tuple[str, str, str, dict[str, str]]) -> tuple[Finding, ...]:
    """Code, severity, resource and values, with the function's name where they have "{}"."""
    return tuple(
        Finding(code, severity, resource.format(name), {key: value.format(name) for key, value in values.items()})
        for code, severity, resource, values in findings
    )


_LOSSES = (
    ("no_internet", RISK, "{}", _ELSEWHERE),
    ("services_unreachable", RISK, "{}", _ELSEWHERE),
)
_MISSING_RULE = ("ingress_closed", BLOCKS, SERVER, _NO_RULE)
_ENTRY = {"entry": "90 tcp/5432 10.0.0.0/16 deny", "number": "90"}
_RULE = {"ports": "5432", "cidrs": f"10.0.0.0/24 ({SUBNETS[0]})"}
_DENIED = ("acl_in_closed", RISK, ACL, {**_ACL, **_ENTRY, **_RULE})
_SOME = ("some_pairs", BLOCKS, "shop", _PAIRS)
_SHORT = ("short_timeout", RISK, "{}", {"timeout": "3"})


def working(name: str = "orders") -> Verdict:
    hops = (Hop("function", 1, OPEN, (name,)), *_segment(1, CLIENTS, SERVER), Hop("database", 1, OPEN, ("shop",)))
    return Verdict(name, hops, _about(name, *_LOSSES), managed=True)


def broken(name: str = "orders") -> Verdict:
    """Two causes at once: no rule on the database's side, and a port that nobody listens on."""
    wrong_port = {**_NO_RULE, "groups": CLIENTS, "rules": f"tcp/3306 to {SERVER}", "peers": SERVER}
    causes = [("egress", CLOSED, "egress_wrong_port"), ("ingress", CLOSED, "ingress_closed")]
    verdict = working(name)
    hops = (verdict.hops[0], *_segment(1, CLIENTS, SERVER, causes), verdict.hops[-1])
    found = (("egress_wrong_port", BLOCKS, CLIENTS, wrong_port), _MISSING_RULE, *_LOSSES, _SHORT)
    return Verdict(name, hops, _about(name, *found, ("database_public", NOTE, "shop", {})), managed=False)


def without_rule(name: str) -> Verdict:
    verdict = working(name)
    hops = (verdict.hops[0], *_segment(1, CLIENTS, SERVER, [("ingress", CLOSED, "ingress_closed")]), verdict.hops[-1])
    return replace(verdict, hops=hops, findings=_about(name, _MISSING_RULE, *_LOSSES), managed=False)


def one_in_three(name: str) -> Verdict:
    verdict = working(name)
    hops = (verdict.hops[0], *_segment(1, CLIENTS, SERVER, [("acl_in", PARTLY, "acl_in_closed")]), verdict.hops[-1])
    return replace(verdict, hops=hops, findings=_about(name, _SOME, _DENIED, *_LOSSES))


def outside(name: str = "orders") -> Verdict:
    """Not in a VPC: the first picture of the article."""
    unknown = [replace(hop, state=UNKNOWN, resources=()) for hop in _segment(1, "", "")]
    start = Hop("function", 1, CLOSED, (name,), codes=("not_in_vpc",))
    hops = (start, *unknown, Hop("database", 1, OPEN, ("shop",)))
    return Verdict(name, hops, _about(name, ("not_in_vpc", BLOCKS, "{}", {})), managed=False)


def through_proxy(name: str = "orders", *, reachable: bool = True) -> Verdict:
    """By RDS Proxy; if not ``reachable``, the proxy's rule to the database is missing."""
    wrong = [] if reachable else [("ingress", CLOSED, "ingress_closed")]
    no_rule = {**_NO_RULE, "source": "shop-pool", "peers": POOL_GROUP}
    hops = (
        Hop("function", 1, OPEN, (name,)),
        *_segment(1, CLIENTS, POOL_GROUP),
        Hop("proxy", 1, OPEN, ("shop-pool",)),
        *_segment(2, POOL_GROUP, SERVER, wrong),
        Hop("database", 2, OPEN, ("shop",)),
    )
    findings = () if reachable else _about(name, ("ingress_closed", BLOCKS, SERVER, no_rule))
    return Verdict(name, hops, findings, managed=True)


def unplaced(name: str = "orders") -> Verdict:
    """By hand, before the database is there: what is known of the path is open."""
    hidden = {"route", "acl_out", "acl_in", "return"}
    between = (replace(hop, state=UNKNOWN) if hop.kind in hidden else hop for hop in _segment(1, CLIENTS, SERVER))
    database = Hop("database", 1, UNKNOWN, ("shop",), codes=("database_place_unknown",))
    findings = _about(name, ("database_place_unknown", RISK, "shop", {"groups": SERVER}))
    return Verdict(name, (Hop("function", 1, OPEN, (name,)), *between, database), findings, managed=True)


def hundred() -> list[Verdict]:
    """As many functions as a department has; seven of them do not reach the database, for four reasons."""
    verdicts = [working(f"shop-{number:03}-service") for number in range(100)]
    for number, build in zip(
        (3, 17, 29, 41, 58, 76, 92),
        (outside, without_rule, one_in_three, without_rule, outside, broken, without_rule),
        strict=True,
    ):
        verdicts[number] = build(verdicts[number].function)
    return verdicts


def result(verdicts: Sequence[Verdict], language: str = "en") -> dict[str, Any]:
    """What the module returns for these."""
    proxy = any(hop.kind == "proxy" for verdict in verdicts for hop in verdict.hops)
    database = _database(POOL if proxy else SHOP)
    if proxy:
        database["target"] = _database(SHOP)
    return {
        "changed": False,
        "path": path_of_all(verdicts),
        "reachable": all(verdict.reachable for verdict in verdicts),
        "language": language,
        "database": database,
        "connections": [_connection(verdict, language, proxy=proxy) for verdict in verdicts],
    }


def _database(database: Database) -> dict[str, Any]:
    return {
        "kind": database.kind,
        "identifier": database.identifier,
        "endpoint": database.endpoint,
        "port": database.port,
        "vpc_id": database.vpc_id,
        "subnet_ids": list(database.subnet_ids),
        "security_group_ids": list(database.security_group_ids),
        "status": database.status,
        "resource_id": database.resource_id,
    }


def _connection(verdict: Verdict, language: str, *, proxy: bool) -> dict[str, Any]:
    attached = "not_in_vpc" not in {finding.code for finding in verdict.findings}
    database, proxy_target = (POOL, SHOP) if proxy else (SHOP, None)
    return {
        "function_name": verdict.function,
        "function_arn": f"arn:aws:lambda:eu-central-1:123456789012:function:{verdict.function}",
        "state": "Active",
        "last_update_status": "Successful",
        "vpc_id": VPC if attached else None,
        "subnet_ids": list(SUBNETS[:2]) if attached else [],
        "security_group_ids": [CLIENTS] if attached else [],
        "managed": verdict.managed,
        "path": verdict.path,
        "reachable": verdict.reachable,
        "hops": [hop_data(hop, language) for hop in verdict.hops],
        "findings": [finding_data(finding, language) for finding in verdict.findings],
        "diagram": diagram(verdict, database, proxy_target, language),
    }
