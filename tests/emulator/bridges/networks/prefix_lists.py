# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prefix lists: what names one names one that is there, and no list has more entries than it may have.

https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(EC2Backend, "create_managed_prefix_list")
    def created(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        most = kwargs.get("max_entries")
        if most is not None:  # AWS's own lists have none
            _refuse_too_many(len(kwargs.get("entry") or ()), int(most))
        return original(self, *args, **kwargs)

    @replaces_method(EC2Backend, "get_managed_prefix_list_entries")
    def entries(_original: Any, self: Any, prefix_list_id: str) -> Any:
        return the_prefix_list(self, prefix_list_id)

    @replaces_method(EC2Backend, "modify_managed_prefix_list")
    def modified(original: Any, self: Any, **changes: Any) -> Any:
        listed = the_prefix_list(self, changes["prefix_list_id"])
        if changes["add_entry"] or changes["remove_entry"]:
            _check_entries(listed, changes)
        # moto takes the name away where none is given, and fails on every list from then on.
        return original(self, **{**changes, "prefix_list_name": changes["prefix_list_name"] or listed.prefix_list_name})

    for direction in ("ingress", "egress"):

        @replaces_method(SecurityGroup, f"add_{direction}_rule")
        def add(original: Any, self: Any, rule: Any) -> None:
            if rule.prefix_list_id:
                the_prefix_list(self.ec2_backend, rule.prefix_list_id)
            original(self, rule)


def the_prefix_list(ec2: Any, prefix_list_id: str) -> Any:
    if prefix_list_id not in ec2.managed_prefix_lists:
        message = f"The prefix list ID '{prefix_list_id}' does not exist"
        raise EC2ClientError("InvalidPrefixListID.NotFound", message)
    return ec2.managed_prefix_lists[prefix_list_id]


def _check_entries(listed: Any, changes: dict[str, Any]) -> None:
    if changes["current_version"] != listed.version:
        message = f"The prefix list has the incorrect version number: {changes['current_version']}"
        raise EC2ClientError("PrefixListVersionMismatch", message)
    kept = {each["Cidr"] for each in listed.entries.get(listed.version, ())}
    kept -= {each["Cidr"] for each in changes["remove_entry"]}
    _refuse_too_many(len(kept | {each["Cidr"] for each in changes["add_entry"]}), int(listed.max_entries))


def _refuse_too_many(count: int, most: int) -> None:
    if count > most:
        message = f"You've reached the maximum number of entries for the prefix list: {most}"
        raise EC2ClientError("PrefixListMaxEntriesExceeded", message)
