# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where security groups close a leg. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.security_groups import EGRESS
from ..catalogue.hops import EGRESS_HOP, INGRESS_HOP, OPEN, PARTLY, UNKNOWN
from .addresses import FlowSpec
from .network_acls import EPHEMERAL
from .network_index import NetworkIndex
from .security_groups import Evaluation, PeerEnd, evaluate_rules, wherever
from .segments import ANYWHERE, Blocker, Pair, Segment, addresses_in


def group_blockers(index: NetworkIndex, segment: Segment, pair: Pair, direction: str) -> Iterator[Blocker]:
    """What the groups of one end do: those of the source with what goes out, those of the target with what comes in."""
    snapshot = index.snapshot
    outward = direction == EGRESS
    own, other = (segment.source, segment.target) if outward else (segment.target, segment.source)
    there = pair.target if outward else pair.source
    meets = PeerEnd(other.group_ids, addresses_in(there, segment.family), segment.family)
    rules = index.rules(own.group_ids, direction)
    found = evaluate_rules(wherever(rules) if there is ANYWHERE else rules, meets, segment.port, snapshot.prefix_lists)
    unread = index.unread(found.unknown)
    hop = EGRESS_HOP if outward else INGRESS_HOP
    if found.state != OPEN and unread:
        values = {"action": unread.action, "answer": unread.answer}
        yield Blocker(hop, UNKNOWN, "not_read", unread.action, pair, outward, values)
    elif found.state != OPEN:
        values = {
            "source": segment.source.name,
            "target": segment.target.name,
            "groups": ", ".join(own.group_ids),
            "peers": ", ".join(other.group_ids),
        }
        texts = tuple(rule.text for rule in found.rules)
        code = f"{direction}_{_kind(found)}"
        flows = tuple(FlowSpec(addresses, EPHEMERAL) for addresses in found.closed)
        yield Blocker(hop, found.state, code, own.name, pair, outward, values, texts, flows)


def _kind(found: Evaluation) -> str:
    if found.state == PARTLY:
        return "partly"
    return "wrong_port" if found.rules else "closed"
