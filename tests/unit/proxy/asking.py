# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs tasks for proxies, after making sure that check mode foretells them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.parameters import Options, argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import preview, run

from ..fake_proxies import FakeProxies

SAME = ("changed", "changes", "diff", "findings")


def options(**given: Any) -> dict[str, Any]:
    """The options with the defaults of the argument_spec, those of auth and connection_pool too."""
    spec = argument_spec()
    assert given.keys() <= spec.keys()
    filled = {name: given.get(name, option.get("default")) for name, option in spec.items()}
    if filled["auth"]:
        filled["auth"] = [_filled(spec["auth"]["options"], auth) for auth in filled["auth"]]
    if filled["connection_pool"]:
        filled["connection_pool"] = _filled(spec["connection_pool"]["options"], filled["connection_pool"])
    return filled


def _filled(spec: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    assert given.keys() <= spec.keys()
    return {name: given.get(name, option.get("default")) for name, option in spec.items()}


def want(**given: Any) -> Options:
    return parse(options(**{"name": "shop", **given}))


def unforetold(
    aws: FakeProxies, sleep: Callable[[float], None] = lambda _seconds: None, **given: Any
) -> dict[str, Any]:
    return run(want(**given), aws, sleep)


def ran(aws: FakeProxies, **given: Any) -> dict[str, Any]:
    aws.calls.clear()
    foretold = preview(want(**given), aws)
    assert aws.written() == []
    aws.calls.clear()
    done = unforetold(aws, **given)
    assert {key: done[key] for key in SAME} == {key: foretold[key] for key in SAME}
    return done


def present(aws: FakeProxies, **given: Any) -> dict[str, Any]:
    named = {} if "db_cluster_identifier" in given else {"db_instance_identifier": "orders"}
    return ran(aws, **{**named, **given})


def absent(aws: FakeProxies, **given: Any) -> dict[str, Any]:
    return ran(aws, state="absent", **given)


def texts(result: dict[str, Any]) -> list[str]:
    return [change["text"] for change in result["changes"]]
