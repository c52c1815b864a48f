# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run that is killed at any of its writes, before or after it took effect, is completed by the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .asking import absent, present, unforetold
from .conftest import NEW, SECRET, Account

FULL: dict[str, Any] = {
    **NEW,
    "db_instance_identifier": "orders",
    "connection_pool": {"connection_borrow_timeout": 5},
    "tags": {"Team": "a"},
}
OTHER: dict[str, Any] = {
    "db_instance_identifier": "stock",
    "auth": [{"secret_arn": f"{SECRET}-2"}],
    "connection_pool": {"init_query": "SET x=1"},
    "tags": {"Stage": "b"},
}
ABSENT = {"state": "absent"}
WRITES = (
    "authorize", "create_group", "create_proxy", "delete_group", "delete_proxy", "deregister_proxy_target",
    "modify_proxy", "modify_proxy_pool", "register_proxy_target", "remove_tags", "revoke", "set_tags", "tag_proxy",
    "untag_proxy",
)  # fmt: skip


class KilledError(BaseException):
    """No error that anything could catch."""


def killed(account: Account, position: int, *, after: bool, **given: Any) -> bool:
    """Whether the run was killed at its write number ``position``; it ends before, if it has not so many."""
    count = iter(range(10_000))

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def write(*arguments: Any) -> Any:
            now = next(count) == position
            if now and not after:
                raise KilledError
            answer = real(*arguments)
            if now:
                raise KilledError
            return answer

        return write

    for name in WRITES:
        setattr(account.aws, name, dying(getattr(account.aws, name)))
    try:
        unforetold(account.aws, **given)
    except KilledError:
        return True
    finally:
        for name in WRITES:
            delattr(account.aws, name)
    return False


def nothing(_account: Account) -> None:
    """A new account."""


def there(account: Account) -> None:
    """The proxy is there, with a database to move to and other groups on that."""
    present(account.aws, **FULL)
    account.add_instance("stock", "postgres", 7432)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("begin", "task", "writes"),
    [(nothing, FULL, 8), (there, OTHER, 14), (there, ABSENT, 6)],
    ids=["new", "other", "absent"],
)
def test_killed_at_every_write(
    begin: Callable[[Account], None],
    task: dict[str, Any],
    writes: int,
    after: bool,
    record_property: Callable[[str, object], None],
) -> None:
    undisturbed = Account()
    begin(undisturbed)
    unforetold(undisturbed.aws, **task)
    for position in range(100):
        account = Account()
        before = account.aws.snapshot()
        begin(account)
        if not killed(account, position, after=after, **task):
            break
        unforetold(account.aws, **task)
        assert not unforetold(account.aws, **task)["changed"]
        assert shape(account) == shape(undisturbed)
        absent(account.aws)
        shown = account.aws.snapshot()
        assert {key: shown[key] for key in ("groups", "rules", "proxies")} == {
            key: before[key] for key in ("groups", "rules", "proxies")
        }
    assert position == writes
    record_property("kill positions covered", position)


def shape(account: Account) -> dict[str, Any]:
    """The account without the ids that differ from run to run."""
    snapshot = account.aws.snapshot()
    proxies = [
        {key: proxy[key] for key in ("Pool", "Targets", "Tags", "Auth")} for proxy in snapshot["proxies"].values()
    ]
    groups = sorted((group["GroupName"], sorted(group["Tags"].items())) for group in snapshot["groups"].values())
    rules = sorted((rule["IsEgress"], rule["FromPort"], str(rule["Tags"])) for rule in snapshot["rules"].values())
    return {"proxies": proxies, "groups": groups, "rules": rules}
