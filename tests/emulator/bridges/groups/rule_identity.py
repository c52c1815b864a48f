# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rule is its direction, protocol, ports and peer. One like it is refused, with the whole call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    # moto compares the description as well: it takes a rule twice, and finds none to revoke when it is left out.
    @replaces_method(SecurityGroupRule, "__eq__")
    def equal(_original: Any, self: Any, other: Any) -> bool:
        # Most rules of a group have different peers.
        return self.source_group.get("GroupId") == other.source_group.get("GroupId") and (
            identity(self) == identity(other)
        )

    for direction in ("ingress", "egress"):

        @replaces_method(SecurityGroups, f"authorize_security_group_{direction}")
        def authorize(_original: Any, self: Any, direction: str = direction) -> Any:
            self.error_on_dryrun()
            added: list[Any] = []
            with _all_or_nothing(self, direction):
                for permission in self._process_rules_from_querystring():
                    rules, _group = getattr(self.ec2_backend, f"authorize_security_group_{direction}")(**permission)
                    added += rules
            # moto answers with the rules of the last permission only.
            return ActionResult({"Return": True, "SecurityGroupRules": added})


def identity(rule: Any) -> tuple[Any, ...]:
    """What makes two rules of one direction of one group the same rule."""
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


@contextmanager
def _all_or_nothing(request: Any, direction: str) -> Iterator[None]:
    ec2 = request.ec2_backend
    group = ec2.get_security_group_by_name_or_id(request._get_param("GroupId") or request._get_param("GroupName"))
    rules, tagged = list(getattr(group, f"{direction}_rules", ())), set(ec2.tags)
    try:
        yield
    except Exception:
        if group is not None:
            setattr(group, f"{direction}_rules", rules)
        for rule_id in set(ec2.tags) - tagged:
            del ec2.tags[rule_id]
        raise
