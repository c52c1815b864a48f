# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Decides what the options mean: target, client groups, attachments and rules. PRIVATE to the collection.

Pure, and each decision is made here alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..._errors import Refusal
from ..._model.names import HOSTNAME
from ..._model.ownership import DATABASE, TAG_SCOPE
from ..._model.security_groups import Group
from ..observed import Observed
from ..parameters import Options
from .attachments import Attachment, attachment_refusals, find_attachments
from .client_groups import find_clients
from .proxy_hop import hop_rules
from .resolution import Resolution
from .rules import other_database, owner_refusals, wanted_rules
from .target import find_target


def resolve(want: Options, observed: Observed) -> Resolution:
    """What is to be connected or disconnected, and every reason why it cannot be."""
    return _to_connect(want, observed) if want.present else _to_disconnect(want, observed)


def _to_connect(want: Options, observed: Observed) -> Resolution:
    if want.selection is not None and not want.functions:
        return Resolution((want.selection.refusal,))
    refusals = [*_missing_functions(want, observed)]
    target, wrong_target = find_target(want, observed)
    refusals += wrong_target
    if target is None:
        return Resolution(tuple(refusals))
    clients, wrong_clients = find_clients(want, observed, target.vpc_id)
    attachments = find_attachments(want, observed, target, clients)
    rules = {client.group.id: wanted_rules(want, target, client) for client in clients}
    refusals += wrong_clients
    refusals += [refusal for each in attachments for refusal in attachment_refusals(want, observed, target, each)]
    refusals += owner_refusals(observed, target, rules.values())
    refusals += filter(None, (other_database(want, observed.state, target, client) for client in clients))
    return Resolution(
        tuple(refusals),
        target,
        tuple(clients),
        tuple(attachments),
        rules,
        hop_rules(want, observed),
        tuple(_superseded(want, observed, attachments)),
    )


def _missing_functions(want: Options, observed: Observed) -> Iterator[Refusal]:
    for function in want.functions:
        if function.name not in observed.state.functions:
            reason = "no such function in this account and Region."
            yield Refusal("function_name", function.given, reason, "Check the name and the option region.")


def _superseded(want: Options, observed: Observed, attachments: Iterable[Attachment]) -> Iterable[Group]:
    """Client groups of ours that functions leave for another one: of another scope, or of a VPC that the database left.

    Also shared ones that none of the functions has: an earlier run may have ended before it could remove them.
    """
    groups = {group.id: group for each in attachments for group in each.superseded}
    if want.scope != DATABASE:
        own = (group for each in attachments for group in observed.own_groups[each.name])
        groups.update({group.id: group for group in own if group.tags[TAG_SCOPE] == DATABASE})
    return groups.values()


def _to_disconnect(want: Options, observed: Observed) -> Resolution:
    if want.database.kind == HOSTNAME:
        return Resolution((_unknown_endpoint(want.database.value),))
    groups = {group.id: group for function in want.functions for group in observed.own_groups[function.name]}
    return Resolution(groups=tuple(groups[group_id] for group_id in sorted(groups)))


def _unknown_endpoint(hostname: str) -> Refusal:
    return Refusal(
        "db_hostname",
        hostname,
        "no database has this endpoint, and its form does not tell which one had it.",
        "Name the database by db_cluster_identifier or db_instance_identifier.",
    )
