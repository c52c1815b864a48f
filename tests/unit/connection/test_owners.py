# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Shared and peered VPCs: security groups that belong to other accounts."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError

from ..asking import present, texts
from .conftest import Account

OTHER = "210987654321"


@pytest.fixture
def shared(account: Account) -> Account:
    """One of the database's groups belongs to another account."""
    account.aws.groups[account.db[1]]["OwnerId"] = OTHER
    return account


def test_rules_cannot_be_added_to_a_group_of_another_account(shared: Account) -> None:
    with pytest.raises(RefusedError) as refused:
        present(shared.aws, function_name="f", **shared.by_ids)
    (refusal,) = refused.value.refusals
    assert (refusal.parameter, refusal.value) == ("rds_security_group_ids", shared.db[1])
    assert f"belongs to account {OTHER}" in refusal.reason
    assert "missing: tcp/5432 from (new: f-lambda-sg)" in refusal.reason
    assert shared.aws.written() == []


def test_rules_that_are_there_already_will_do_and_the_owner_is_named(
    shared: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = shared.aws.add_group(shared.vpc, "client")
    shared.aws.allow("ingress", shared.db[1], client, 5432)
    asked: list[Any] = []
    authorize = shared.aws.authorize

    def recorded(direction: str, group_id: str, permissions: Any, tags: Any) -> None:
        asked.extend(pair for permission in permissions for pair in permission["UserIdGroupPairs"])
        authorize(direction, group_id, permissions, tags)

    monkeypatch.setattr(shared.aws, "authorize", recorded)
    result = present(shared.aws, function_name="f", security_group_id=client, **shared.by_ids)
    assert not [text for text in texts(result) if text.startswith(f"authorize ingress on {shared.db[1]}")]
    owners = {pair["GroupId"]: pair["UserId"] for pair in asked}
    assert owners == {shared.db[0]: "123456789012", shared.db[1]: OTHER, client: "123456789012"}
