# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which changes are written side by side: those of one kind that follow each other, unless one has to be alone."""

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.changes import (
    Change,
    DeleteGroup,
    TagResources,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.plan import Plan
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.writer import Writer
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import Group
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State

from .connection.conftest import Account


class Batches(Writer):
    """Writes nothing, and remembers how many changes came together."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws, sleep=lambda _seconds: None)
        self.sizes: list[int] = []

    def _write_batch(self, changes: object) -> None:
        self.sizes.append(len(list(changes)))  # type: ignore[call-overload]


def deletions(*, release: bool) -> tuple[Change, ...]:
    return tuple(DeleteGroup(Group(f"sg-{number}", "client", "vpc-1"), release) for number in range(4))


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        (deletions(release=False), [4]),
        (deletions(release=True), [1, 1, 1, 1]),
        ((*deletions(release=False), TagResources(("sg-9",), {"a": "b"})), [4, 1]),
    ],
    ids=["none waits", "each waits", "another kind"],
)
def test_batches(changes: tuple[Change, ...], sizes: list[int]) -> None:
    writer = Batches(Account().aws)
    writer.apply(Plan(State(), State(), changes))
    assert writer.sizes == sizes
