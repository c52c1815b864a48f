# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the cleanup, after making sure that check mode foretells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.run import preview, run

from ..fake_aws import FakeAws

SAME = ("changed", "changes", "deleted", "pending", "diff")


def options(**given: Any) -> dict[str, Any]:
    """The options with the defaults of the argument_spec."""
    spec = argument_spec()
    assert given.keys() <= spec.keys()
    return {name: given.get(name, option.get("default")) for name, option in spec.items()}


def unforetold(aws: FakeAws, sleep: Callable[[float], None] = lambda _seconds: None, **given: Any) -> dict[str, Any]:
    return run(parse(options(**given)), aws, sleep)


def cleaned(aws: FakeAws, **given: Any) -> dict[str, Any]:
    aws.calls.clear()
    foretold = preview(parse(options(**given)), aws, lambda _seconds: None)
    assert aws.written() == []
    done = unforetold(aws, **given)
    assert {key: done[key] for key in SAME} == {key: foretold[key] for key in SAME}
    return done
