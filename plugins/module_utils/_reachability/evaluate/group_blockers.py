# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where security groups close a leg. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.security_groups import EGRESS
from ..catalogue.hops import EGRESS_HOP, INGRESS_HOP, OPEN, PARTLY, UNKNOWN
from .addresses import Box
from .network_acls import EPHEMERAL
from .network_index import NetworkIndex
from .security_groups import Evaluation, PeerEnd, evaluate_rules, wherever
from .segments import ANYWHERE, Blocker, Pair, Segment, addresses_in


def group_blockers(terrain: NetworkIndex, leg: Segment, pair: Pair, direction: str) -> Iterator[Blocker]:
    """What the groups of one end do: those of the source with what goes out, those of the target with what comes in."""
    scene = terrain.scene
    outward = direction == EGRESS
    own, other = (leg.source, leg.target) if outward else (leg.target, leg.source)
    there = pair.target if outward else pair.source
    meets = PeerEnd(other.group_ids, addresses_in(there, leg.family), leg.family)
    rules = terrain.rules(own.group_ids, direction)
    found = evaluate_rules(wherever(rules) if there is ANYWHERE else rules, meets, leg.port, scene.prefix_lists)
    unread = terrain.unread(found.unknown)
    hop = EGRESS_HOP if outward else INGRESS_HOP
    if found.state != OPEN and unread:
        values = {"action": unread.action, "answer": unread.answer}
        yield Blocker(hop, UNKNOWN, "not_read", unread.action, pair, outward, values)
    elif found.state != OPEN:
        values = {
            "source": leg.source.name,
            "target": leg.target.name,
            "groups": ", ".join(own.group_ids),
            "peers": ", ".join(other.group_ids),
        }
        texts = tuple(rule.text for rule in found.rules)
        code = f"{direction}_{_kind(found)}"
        boxes = tuple(Box(addresses, EPHEMERAL) for addresses in found.closed)
        yield Blocker(hop, found.state, code, own.name, pair, outward, values, texts, boxes)


def _kind(found: Evaluation) -> str:
    if found.state == PARTLY:
        return "partly"
    return "wrong_port" if found.rules else "closed"
