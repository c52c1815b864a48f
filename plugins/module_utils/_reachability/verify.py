# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a connection that is made, or planned, leads to the database. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable, Optional

from .._aws import Aws
from .._connection.changes import Change, UpdateVpcConfig, authorized_rules, is_new, revoked_rules, state_after
from .._connection.parameters import Want
from .._connection.second_hop import is_hop
from .._errors import UnreachableError
from .._proxy.health import MENDABLE_SECONDS
from .._proxy.targets import TROUBLES
from .evaluate import evaluate
from .hops import Verdict
from .observe import observe
from .question import Question
from .result import verdicts_data
from .second_look import settled
from .state import LATE, OUTDATED, FunctionSettings, Scene
from .summary import summary


def verified(
    want: Want,
    aws: Aws,
    result: dict[str, Any],
    *,
    planned: Sequence[Change] = (),
    done: Sequence[Change] = (),
    sleep: Optional[Callable[[float], None]] = None,
) -> dict[str, Any]:
    """The result with ``reachability``.

    :param planned: changes that are still to be made: the verdict is about what they lead to
    :param done: changes of this run, with the ids that new groups have got
    :param sleep: how to wait until AWS has tried again whether a proxy reaches its target; None for a preview
    :raises UnreachableError: with the result, if a function does not reach the database
    """
    moves = [change for change in planned if isinstance(change, UpdateVpcConfig)]
    scene = observe(_question(want, moves), aws)
    scene = _after(_with_written(scene, done), planned)
    names = [function.name for function in want.functions]
    if sleep is not None and want.wait:
        scene, verdicts = settled(scene, names, aws, sleep, min(want.wait_timeout, MENDABLE_SECONDS))
    else:
        scene = replace(scene, health=OUTDATED if _opens_second_hop(want, (*planned, *done)) else LATE)
        verdicts = evaluate(scene, names)
    result = {
        **result,
        "findings": _still_true(result["findings"], verdicts),
        "reachability": verdicts_data(scene, verdicts, want.language),
    }
    if not all(verdict.reachable for verdict in verdicts):
        raise UnreachableError(summary(verdicts, want.database.text, want.language), result)
    return result


def _question(want: Want, moves: Sequence[UpdateVpcConfig]) -> Question:
    """With the subnets that the plan puts functions into, and the groups of others that it puts on them."""
    groups = {group for change in moves for group in change.vpc.security_group_ids if not is_new(group)}
    return Question(
        want.functions,
        want.database,
        vpc_id=want.vpc_id,
        rds_security_group_ids=want.rds_security_group_ids,
        port=want.port,
        subnet_ids=tuple(subnet for change in moves for subnet in change.vpc.subnet_ids),
        group_ids=tuple(sorted(groups)),
    )


def _with_written(scene: Scene, done: Sequence[Change]) -> Scene:
    """With the rules that this run added, which EC2 may not show for seconds
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency)."""
    gone = {rule.identity for rule in revoked_rules(done)}
    added = (rule for rule in authorized_rules(done) if rule.identity not in gone)
    late = [rule for rule in added if scene.state.find_rule(rule) is None]
    return replace(scene, state=replace(scene.state, rules=(*scene.state.rules, *late)))


def _after(scene: Scene, planned: Iterable[Change]) -> Scene:
    """What the changes lead to; functions that they attach elsewhere need network interfaces that are not there yet."""
    settings = dict(scene.settings)
    for change in planned:
        if isinstance(change, UpdateVpcConfig):
            name = change.function.name
            settings[name] = replace(settings.get(name, FunctionSettings()), attaching=True)
    return replace(scene, state=state_after(scene.state, planned), settings=settings)


def _opens_second_hop(want: Want, changes: Iterable[Change]) -> bool:
    """Whether changes open the way that a proxy did not find."""
    return any(is_hop(want, rule) for rule in authorized_rules(changes))


def _still_true(findings: Iterable[Mapping[str, Any]], verdicts: Iterable[Verdict]) -> list[Mapping[str, Any]]:
    """Without what was found of a proxy's health before, unless the verdicts say the same."""
    told = {finding.code for verdict in verdicts for finding in verdict.findings}
    return [finding for finding in findings if finding["code"] not in TROUBLES or finding["code"] in told]
