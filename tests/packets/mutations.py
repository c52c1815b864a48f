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
        "security.py",
        "<= port <= rule.to_port",
        "<= port < rule.to_port",
    ),
    Mutant(
        "port: any port will do",
        "security.py",
        "rule.from_port <= port <= rule.to_port",
        "rule.to_port > 0",
    ),
    Mutant(
        "port: all traffic is none",
        "security.py",
        'rule.protocol == "-1" or rule.from_port == -1 or ',
        "",
    ),
    Mutant(
        "protocol of a group: UDP is as good as TCP",
        "terrain.py",
        '("tcp", "-1")',
        '("tcp", "-1", "udp")',
    ),
    Mutant(
        "union: one rule has to do it all",
        "security.py",
        "for each in hits:\n                remaining = without(remaining, each)",
        "if any(other.addresses.within(each) for each in hits):\n                remaining = []",
    ),
    Mutant(
        "union: only the first group counts",
        "terrain.py",
        "for group_id in group_ids for",
        "for group_id in list(group_ids)[:1] for",
    ),
    Mutant(
        "CIDR: to touch is to contain",
        "security.py",
        "remaining = without(remaining, each)",
        "remaining = []",
    ),
    Mutant(
        "CIDR: the last address is left out",
        "addresses.py",
        "Range(int(parsed.network_address), int(parsed.broadcast_address))",
        "Range(int(parsed.network_address), int(parsed.broadcast_address) - 2)",
    ),
    Mutant(
        "addresses: those that AWS keeps have to pass, too",
        "addresses.py",
        "_RESERVED_FIRST = 4",
        "_RESERVED_FIRST = 0",
    ),
    Mutant(
        "addresses: the last one that is given out is forgotten",
        "addresses.py",
        "_RESERVED_LAST = 1",
        "_RESERVED_LAST = 2",
    ),
    Mutant(
        "peer: any group will do",
        "security.py",
        "if value in other.group_ids else []",
        "if value else []",
    ),
    Mutant(
        "peer: egress looks at the function's own groups",
        "group_obstacles.py",
        "Other(other.group_ids,",
        "Other(own.group_ids,",
    ),
    Mutant(
        "peer: prefix lists stand for nothing",
        "security.py",
        'prefix_lists[value] if kind == "ip_prefix" else [value]',
        '[] if kind == "ip_prefix" else [value]',
    ),
    Mutant(
        "IPv6: its ranges hold IPv4, too",
        "security.py",
        "if family == other.family]",
        "if family]",
    ),
    Mutant(
        "egress: not asked",
        "leg_verdict.py",
        "    yield from group_obstacles(terrain, leg, pair, EGRESS)\n",
        "",
    ),
    Mutant(
        "ingress: not asked",
        "leg_verdict.py",
        "    yield from group_obstacles(terrain, leg, pair, INGRESS)\n",
        "",
    ),
    Mutant(
        "ACL: the highest number first",
        "acls.py",
        "sorted(acl.entries, key=lambda entry: entry.number)",
        "sorted(acl.entries, key=lambda entry: -entry.number)",
    ),
    Mutant(
        "ACL: in the order in which entries were made",
        "acls.py",
        "sorted(acl.entries, key=lambda entry: entry.number)",
        "acl.entries",
    ),
    Mutant(
        "ACL: the last match decides the rest",
        "acls.py",
        "remaining = [piece for each in remaining for piece in cut(each, box)]",
        "pass",
    ),
    Mutant(
        "ACL: what nothing allows is allowed",
        "acls.py",
        "denied += [each.ports for each in remaining]",
        "pass",
    ),
    Mutant(
        "ACL: both directions are one",
        "acls.py",
        "if entry.egress == egress and",
        "if",
    ),
    Mutant(
        "ACL: entries of UDP count",
        "acls.py",
        "in (TCP, EVERY_PROTOCOL):",
        'in (TCP, EVERY_PROTOCOL, "17"):',
    ),
    Mutant(
        "ACL: entries of every protocol do not count",
        "acls.py",
        "in (TCP, EVERY_PROTOCOL):",
        "in (TCP,):",
    ),
    Mutant(
        "ACL: answers go to ports above 32767 only",
        "acls.py",
        "EPHEMERAL = Range(1024, 65535)",
        "EPHEMERAL = Range(32768, 65535)",
    ),
    Mutant(
        "ACL: no answer goes to the last port",
        "acls.py",
        "EPHEMERAL = Range(1024, 65535)",
        "EPHEMERAL = Range(1024, 65534)",
    ),
    Mutant(
        "ACL: answers go to the database's port",
        "network_obstacles.py",
        "target, source, EPHEMERAL, egress=True",
        "target, source, ports, egress=True",
    ),
    Mutant(
        "return path: answers pass the function's ACL",
        "network_obstacles.py",
        '        _Crossing(RETURN, "acl_return_in_closed", source, target, EPHEMERAL, egress=False),\n',
        "",
    ),
    Mutant(
        "return path: answers pass the database's ACL",
        "network_obstacles.py",
        '        _Crossing(RETURN, "acl_return_out_closed", target, source, EPHEMERAL, egress=True),\n',
        "",
    ),
    Mutant(
        "return path: routes are asked one way",
        "network_obstacles.py",
        "        yield from _route_obstacles(terrain, pair, family, back=True)\n",
        "",
    ),
    Mutant(
        "same subnet: routes and ACLs apply",
        "network_obstacles.py",
        "if pair.source.id != pair.target.id:",
        "if pair:",
    ),
    Mutant(
        "routes: the shortest prefix wins",
        "routes.py",
        "(pair[0].last - pair[0].first,",
        "(pair[0].first - pair[0].last,",
    ),
    Mutant(
        "routes: a blackhole is a way",
        "routes.py",
        "if route.state != ACTIVE:",
        "if not route.state:",
    ),
    Mutant(
        "routes: every target is the way",
        "routes.py",
        'return BEYOND if route.leads_on else "route_elsewhere"',
        "return None",
    ),
    Mutant(
        "routes: the main table serves all",
        "routes.py",
        "if subnet_id in table.subnet_ids:",
        "if False:",
    ),
    Mutant(
        "routes: one of a prefix list may win over a network's own",
        "routes.py",
        "pair[1].listed, ",
        "",
    ),
    Mutant(
        "pairs: one that is open is enough",
        "leg_verdict.py",
        "    if open_pairs and closed:\n",
        "    if not pairs:\n",
    ),
    Mutant(
        "place: a Multi-AZ database stays in its zone",
        "places.py",
        "return there or database.subnet_ids",
        "return there or database.subnet_ids[:1]",
    ),
    Mutant(
        "place: a database of one zone may be in all",
        "places.py",
        "return there or database.subnet_ids",
        "return database.subnet_ids",
    ),
)
