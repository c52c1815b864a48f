# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import (
    EGRESS,
    INGRESS,
    Peer,
    Rule,
    permission_to,
    rule_from,
)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule("sg-1", EGRESS, "tcp", 5432, 5432, Peer("group", "sg-2")), "tcp/5432 to sg-2"),
        (Rule("sg-1", INGRESS, "udp", 1, 9, Peer("cidr_ip", "10.0.0.0/8")), "udp/1-9 from 10.0.0.0/8"),
        (Rule("sg-1", EGRESS, "-1", -1, -1, Peer("cidr_ipv6", "::/0")), "all traffic to ::/0"),
    ],
)
def test_a_rule_reads_as_a_line(rule: Rule, text: str) -> None:
    assert rule.text == text


@pytest.mark.parametrize(
    "shown",
    [
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "CidrIpv4": "10.0.0.0/8", "Description": "d"},
        {"IpProtocol": "17", "FromPort": 1, "ToPort": 2, "CidrIpv6": "::/0"},
        {"IpProtocol": "-1", "PrefixListId": "pl-1"},
        {"IpProtocol": "6", "FromPort": 1, "ToPort": 1, "ReferencedGroupInfo": {"GroupId": "sg-2"}},
        {"IpProtocol": "50", "CidrIpv4": "10.0.0.0/8"},
    ],
)
def test_a_rule_that_aws_shows_can_be_written_back(shown: dict[str, object]) -> None:
    rule = rule_from({"GroupId": "sg-1", "IsEgress": True, "SecurityGroupRuleId": "sgr-1", **shown})
    permission = permission_to(rule)
    peers = {key: value for key, value in permission.items() if isinstance(value, list)}
    assert len(peers) == 1
    assert rule.peer.value in str(peers)
    assert permission["IpProtocol"] == {"17": "udp", "6": "tcp"}.get(str(shown["IpProtocol"]), shown["IpProtocol"])
    assert permission.get("FromPort", -1) == shown.get("FromPort", -1)
