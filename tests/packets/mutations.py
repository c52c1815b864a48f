# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The rules of the evaluation of paths, each broken in one way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """In this file of _reachability, `old`, which is there once, becomes `new`."""

    name: str
    file: str
    old: str
    new: str


MUTANTS = (
    Mutant(
        "port: the last one of a range is left out",
        "evaluate/security_groups.py",
        "<= port <= rule.to_port",
        "<= port < rule.to_port",
    ),
    Mutant(
        "port: any port will do",
        "evaluate/security_groups.py",
        "rule.from_port <= port <= rule.to_port",
        "rule.to_port > 0",
    ),
    Mutant(
        "port: all traffic is none",
        "evaluate/security_groups.py",
        'rule.protocol == "-1" or rule.from_port == -1 or ',
        "",
    ),
    Mutant(
        "protocol of a group: UDP is as good as TCP",
        "evaluate/network_index.py",
        '("tcp", "-1")',
        '("tcp", "-1", "udp")',
    ),
    Mutant(
        "union: one rule has to do it all",
        "evaluate/security_groups.py",
        "for each in hits:\n                remaining = without(remaining, each)",
        "if any(other.addresses.within(each) for each in hits):\n                remaining = []",
    ),
    Mutant(
        "union: only the first group counts",
        "evaluate/network_index.py",
        "for group_id in group_ids for",
        "for group_id in list(group_ids)[:1] for",
    ),
    Mutant(
        "CIDR: to touch is to contain",
        "evaluate/security_groups.py",
        "remaining = without(remaining, each)",
        "remaining = []",
    ),
    Mutant(
        "CIDR: the last address is left out",
        "evaluate/addresses.py",
        "Range(int(parsed.network_address), int(parsed.broadcast_address))",
        "Range(int(parsed.network_address), int(parsed.broadcast_address) - 2)",
    ),
    Mutant(
        "addresses: those that AWS keeps have to pass, too",
        "evaluate/addresses.py",
        "_RESERVED_FIRST = 4",
        "_RESERVED_FIRST = 0",
    ),
    Mutant(
        "addresses: the last one that is given out is forgotten",
        "evaluate/addresses.py",
        "_RESERVED_LAST = 1",
        "_RESERVED_LAST = 2",
    ),
    Mutant(
        "peer: any group will do",
        "evaluate/security_groups.py",
        "if value in other.group_ids else []",
        "if value else []",
    ),
    Mutant(
        "peer: egress looks at the function's own groups",
        "evaluate/group_blockers.py",
        "PeerEnd(other.group_ids,",
        "PeerEnd(own.group_ids,",
    ),
    Mutant(
        "peer: prefix lists stand for nothing",
        "evaluate/security_groups.py",
        'prefix_lists[value] if kind == "ip_prefix" else [value]',
        '[] if kind == "ip_prefix" else [value]',
    ),
    Mutant(
        "IPv6: its ranges hold IPv4, too",
        "evaluate/security_groups.py",
        "if family == other.family]",
        "if family]",
    ),
    Mutant(
        "egress: not asked",
        "evaluate/segment_verdict.py",
        "    yield from group_blockers(index, segment, pair, EGRESS)\n",
        "",
    ),
    Mutant(
        "ingress: not asked",
        "evaluate/segment_verdict.py",
        "    yield from group_blockers(index, segment, pair, INGRESS)\n",
        "",
    ),
    Mutant(
        "ACL: the highest number first",
        "evaluate/network_acls.py",
        "sorted(acl.entries, key=lambda entry: entry.number)",
        "sorted(acl.entries, key=lambda entry: -entry.number)",
    ),
    Mutant(
        "ACL: in the order in which entries were made",
        "evaluate/network_acls.py",
        "sorted(acl.entries, key=lambda entry: entry.number)",
        "acl.entries",
    ),
    Mutant(
        "ACL: the last match decides the rest",
        "evaluate/network_acls.py",
        "remaining = [piece for each in remaining for piece in cut(each, flow)]",
        "pass",
    ),
    Mutant(
        "ACL: what nothing allows is allowed",
        "evaluate/network_acls.py",
        "denied += remaining",
        "pass",
    ),
    Mutant(
        "ACL: both directions are one",
        "evaluate/network_acls.py",
        "if entry.egress == egress and",
        "if",
    ),
    Mutant(
        "ACL: entries of UDP count",
        "evaluate/network_acls.py",
        "in (TCP, EVERY_PROTOCOL):",
        'in (TCP, EVERY_PROTOCOL, "17"):',
    ),
    Mutant(
        "ACL: entries of every protocol do not count",
        "evaluate/network_acls.py",
        "in (TCP, EVERY_PROTOCOL):",
        "in (TCP,):",
    ),
    Mutant(
        "ACL: answers go to ports above 32767 only",
        "evaluate/network_acls.py",
        "EPHEMERAL = Range(1024, 65535)",
        "EPHEMERAL = Range(32768, 65535)",
    ),
    Mutant(
        "ACL: no answer goes to the last port",
        "evaluate/network_acls.py",
        "EPHEMERAL = Range(1024, 65535)",
        "EPHEMERAL = Range(1024, 65534)",
    ),
    Mutant(
        "ACL: answers go to the database's port",
        "evaluate/network_blockers.py",
        '"acl_return_out_closed", EPHEMERAL,',
        '"acl_return_out_closed", ports,',
    ),
    Mutant(
        "return path: answers pass the function's ACL",
        "evaluate/network_blockers.py",
        '        _Crossing(RETURN, "acl_return_in_closed", EPHEMERAL, outward=True, egress=False),\n',
        "",
    ),
    Mutant(
        "return path: answers pass the database's ACL",
        "evaluate/network_blockers.py",
        '        _Crossing(RETURN, "acl_return_out_closed", EPHEMERAL, outward=False, egress=True),\n',
        "",
    ),
    Mutant(
        "return path: routes are asked one way",
        "evaluate/network_blockers.py",
        "        yield from _route_blockers(index, pair, family, back=True)\n",
        "",
    ),
    Mutant(
        "same subnet: routes and ACLs apply",
        "evaluate/network_blockers.py",
        "if pair.source.id != pair.target.id:",
        "if pair:",
    ),
    Mutant(
        "routes: the shortest prefix wins",
        "evaluate/routes.py",
        "(pair[0].last - pair[0].first,",
        "(pair[0].first - pair[0].last,",
    ),
    Mutant(
        "routes: a blackhole is a way",
        "evaluate/routes.py",
        "if route.state != ACTIVE:",
        "if not route.state:",
    ),
    Mutant(
        "routes: every target is the way",
        "evaluate/routes.py",
        'return BEYOND if route.leads_on else "route_elsewhere"',
        "return None",
    ),
    Mutant(
        "routes: the main table serves all",
        "evaluate/routes.py",
        "if subnet_id in table.subnet_ids:",
        "if False:",
    ),
    Mutant(
        "routes: one of a prefix list may win over a network's own",
        "evaluate/routes.py",
        "pair[1].listed, ",
        "",
    ),
    Mutant(
        "pairs: one that is open is enough",
        "evaluate/segment_verdict.py",
        "    if open_pairs and share >= BLOCKING_SHARE:\n",
        "    if not pairs:\n",
    ),
    Mutant(
        "share: 1 in 10 is a risk",
        "catalogue/findings.py",
        "BLOCKING_SHARE = Fraction(1, 100)",
        "BLOCKING_SHARE = Fraction(1, 10)",
    ),
    Mutant(
        "share: 1 in 1000 blocks",
        "catalogue/findings.py",
        "BLOCKING_SHARE = Fraction(1, 100)",
        "BLOCKING_SHARE = Fraction(1, 1000)",
    ),
    Mutant(
        "share: one port blocks",
        "catalogue/findings.py",
        "BLOCKING_SHARE = Fraction(1, 100)",
        "BLOCKING_SHARE = Fraction(1, 100000)",
    ),
    Mutant(
        "share: exactly 1 in 100 is a risk, for a leg",
        "evaluate/segment_verdict.py",
        "if open_pairs and share >= BLOCKING_SHARE",
        "if open_pairs and share > BLOCKING_SHARE",
    ),
    Mutant(
        "share: exactly 1 in 100 is a risk, for a cause",
        "evaluate/segment_verdict.py",
        "cause.share < BLOCKING_SHARE",
        "cause.share <= BLOCKING_SHARE",
    ),
    Mutant(
        "share: exactly 1 in 100 is a risk, for causes together",
        "evaluate/segment_verdict.py",
        "return small if together < BLOCKING_SHARE else []",
        "return small if together <= BLOCKING_SHARE else []",
    ),
    Mutant(
        "share: large ones are the risk",
        "evaluate/segment_verdict.py",
        "cause.share < BLOCKING_SHARE",
        "cause.share > BLOCKING_SHARE",
    ),
    Mutant(
        "share: causes do not add up",
        "evaluate/segment_verdict.py",
        "return small if together < BLOCKING_SHARE else []",
        "return small",
    ),
    Mutant(
        "share: a risk is a station that is not open",
        "evaluate/segment_verdict.py",
        "for cause in causes if cause not in minor for each",
        "for cause in causes for each",
    ),
    Mutant(
        "share: the best subnet of the database counts",
        "evaluate/shares.py",
        "return max(sum(each",
        "return min(sum(each",
    ),
    Mutant(
        "share: the function's subnets add up",
        "evaluate/shares.py",
        "Fraction(0)) / len(each) for",
        "Fraction(0)) for",
    ),
    Mutant(
        "share: of the function's subnets the first counts",
        "evaluate/shares.py",
        "sum(each, Fraction(0)) / len(each)",
        "each[0]",
    ),
    Mutant(
        "share: sources do not count",
        "evaluate/shares.py",
        "(end - start) * source.open_share(start) * target",
        "(end - start) * target",
    ),
    Mutant(
        "share: targets do not count",
        "evaluate/shares.py",
        " * target.open_share(start) for",
        " for",
    ),
    Mutant(
        "share: the last port of what is closed is open",
        "evaluate/shares.py",
        "(flow.ports.first, flow.ports.last + 1) if",
        "(flow.ports.first, flow.ports.last) if",
    ),
    Mutant(
        "share: what is closed for some ports is closed for all",
        "evaluate/shares.py",
        "if flow.ports.first <= port <= flow.ports.last:",
        "if flow:",
    ),
    Mutant(
        "share: addresses of the wrong end",
        "evaluate/shares.py",
        "if each.outward == outward",
        "if each.outward != outward",
    ),
    Mutant(
        "share: a route closes all addresses",
        "evaluate/network_blockers.py",
        "for addresses in found[route])",
        "for addresses in [addresses_in(there, family)])",
    ),
    Mutant(
        "share: a rule of a group closes all other addresses",
        "evaluate/group_blockers.py",
        "for addresses in found.closed)",
        "for addresses in [meets.addresses])",
    ),
    Mutant(
        "share: a request that an ACL denies fails on one port",
        "evaluate/network_blockers.py",
        "flow if of_return else FlowSpec(flow.addresses, EPHEMERAL)",
        "flow",
    ),
    Mutant(
        "share: a route hides that the others are not known",
        "evaluate/network_blockers.py",
        "    for route, code in bad.items():\n",
        "    for route, code in (known or bad).items():\n",
    ),
    Mutant(
        "share: a route hides that a prefix list could not be read",
        "evaluate/network_blockers.py",
        "if len(bad) < len(found) else None",
        "if not bad else None",
    ),
    Mutant(
        "proxy: a risk explains that AWS finds no way",
        "verdict.py",
        "segment_open=not evaluated.blocked",
        "segment_open=not evaluated.findings",
    ),
    Mutant(
        "IPv6: a risk closes it",
        "verdict.py",
        "evaluate_segment(index, segment, ()).blocked",
        "evaluate_segment(index, segment, ()).findings",
    ),
    Mutant(
        "remedy: everything around what is denied",
        "evaluate/addresses.py",
        "len(found) > _NAMED_NETWORKS",
        "len(found) > 1",
    ),
    Mutant(
        "place: a Multi-AZ database stays in its zone",
        "evaluate/places.py",
        "return there or database.subnet_ids",
        "return there or database.subnet_ids[:1]",
    ),
    Mutant(
        "place: a database of one zone may be in all",
        "evaluate/places.py",
        "return there or database.subnet_ids",
        "return database.subnet_ids",
    ),
)
