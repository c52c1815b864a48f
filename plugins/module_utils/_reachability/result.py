# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What verdicts look like as data. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

from .._changes.result import shown_rule
from .._model.functions import Function, FunctionSettings
from .._model.security_groups import Rule
from .catalogue.hops import Verdict
from .catalogue.texts import finding_data, hop_data
from .diagram import diagram
from .evaluate.places import vpc_of
from .snapshot import Snapshot


def verdicts_data(snapshot: Snapshot, verdicts: Iterable[Verdict], language: str) -> list[dict[str, Any]]:
    """One entry a function, in the order of the verdicts."""
    return [_verdict_data(snapshot, verdict, language) for verdict in verdicts]


def _verdict_data(snapshot: Snapshot, verdict: Verdict, language: str) -> dict[str, Any]:
    function: Optional[Function] = snapshot.state.functions.get(verdict.function)
    settings = snapshot.settings.get(verdict.function, FunctionSettings())
    vpc = function.vpc if function else None
    vpc_id = vpc_of(snapshot, vpc.subnet_ids) if vpc else None
    return {
        "function_name": verdict.function,
        "function_arn": function.arn if function else None,
        "state": settings.state if function else None,
        "last_update_status": settings.update_status if function else None,
        "vpc_id": vpc_id,
        "subnet_ids": list(vpc.subnet_ids) if vpc else [],
        "security_group_ids": list(vpc.security_group_ids) if vpc else [],
        "rules": [shown_rule(rule, {}) for rule in _rules(snapshot, function)],
        "managed": verdict.managed,
        "path": verdict.path,
        "reachable": verdict.reachable,
        "hops": [hop_data(hop, language) for hop in verdict.hops],
        "findings": [finding_data(finding, language) for finding in verdict.findings],
        "diagram": diagram(verdict, snapshot.database, snapshot.proxy_target, language, vpc_id),
    }


def _rules(snapshot: Snapshot, function: Optional[Function]) -> list[Rule]:
    """Those between the groups of the function and of the database, and between a proxy's and those behind it."""
    attached, database, proxy_target = (
        function.vpc.security_group_ids if function else (),
        snapshot.database,
        snapshot.proxy_target,
    )
    segments = [(attached, database.security_group_ids)] if database else []
    segments += (
        [(database.origin_security_group_ids, proxy_target.security_group_ids)] if database and proxy_target else []
    )
    return [rule for rule in snapshot.state.rules if any(_between(rule, here, there) for here, there in segments)]


def _between(rule: Rule, here: Iterable[str], there: Iterable[str]) -> bool:
    ends = (rule.group_id, rule.peer.value)
    return (ends[0] in here and ends[1] in there) or (ends[0] in there and ends[1] in here)
