# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.parameters import Options, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError

from .cleaning import options


def test_nothing_has_to_be_given() -> None:
    assert parse(options()) == Options(vpc_id=None, grace_period=60)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(RefusedError) as caught:
        parse(options(vpc_id="subnet-1", grace_period=-1))
    assert [refusal.parameter for refusal in caught.value.refusals] == ["vpc_id", "grace_period"]


@pytest.mark.parametrize(("given", "shown"), [("", "empty"), ("vpc-1,vpc-2", "vpc-1,vpc-2"), ("orders", "orders")])
def test_only_one_vpc_is_a_vpc(given: str, shown: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse(options(vpc_id=given))
    assert str(caught.value).startswith(f"vpc_id ({shown}): is not the id of a VPC.")
