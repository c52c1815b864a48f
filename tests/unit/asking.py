# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Builds what is wanted from options, as Ansible would hand them over."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.parameters import (
    Options,
    argument_spec,
    parse,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run

from .fake_aws import FakeAws


def options(**given: Any) -> dict[str, Any]:
    """The options with the defaults of the argument_spec, those of egress_rules too."""
    spec = argument_spec()
    assert given.keys() <= spec.keys()
    filled = {name: given.get(name, option.get("default")) for name, option in spec.items()}
    rules = spec["egress_rules"]["options"]
    if filled["egress_rules"]:
        filled["egress_rules"] = [
            {name: rule.get(name, option.get("default")) for name, option in rules.items()}
            for rule in filled["egress_rules"]
        ]
    return filled


def want(**given: Any) -> Options:
    return parse(options(**given), "eu-central-1")


def present(aws: FakeAws, **given: Any) -> dict[str, Any]:
    """Run the task, after making sure that check mode foretells it."""
    return ran(aws, want(**given))


def absent(aws: FakeAws, **given: Any) -> dict[str, Any]:
    return ran(aws, want(state="absent", **given))


def ran(aws: FakeAws, wanted: Options) -> dict[str, Any]:
    aws.calls.clear()
    foretold = preview(wanted, aws)
    assert aws.written() == []
    done = run(wanted, aws, sleep=lambda _seconds: None)
    assert [done["changes"], done["diff"], done["changed"]] == [
        foretold["changes"],
        foretold["diff"],
        foretold["changed"],
    ]
    return done


def texts(result: dict[str, Any]) -> list[str]:
    return [change["text"] for change in result["changes"]]
