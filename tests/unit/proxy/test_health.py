# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether to go on waiting, and what is wrong: no clock, no AWS."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxies import Auth, Proxy
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxy_targets import Target
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import Peer, Rule
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.health import (
    DONE,
    FAILED,
    MENDABLE_SECONDS,
    WAITING,
    evaluate_deletion,
    evaluate_settling,
    evaluate_status,
    evaluate_targets,
    status_message,
    target_message,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.plan.rules import missing_paths

from ..calls import model_of
from .conftest import ROLE, SECRET

PROXY = Proxy("shop", "POSTGRESQL", auth=(Auth(SECRET), Auth(f"{SECRET}-2")), role_arn=ROLE)


@pytest.mark.parametrize(
    ("status", "available", "gone", "settled"),
    [
        (None, WAITING, DONE, DONE),
        ("available", DONE, WAITING, DONE),
        ("creating", WAITING, WAITING, WAITING),
        ("modifying", WAITING, WAITING, WAITING),
        ("reactivating", WAITING, WAITING, WAITING),
        ("suspending", WAITING, WAITING, WAITING),
        ("deleting", FAILED, WAITING, WAITING),
        ("suspended", FAILED, WAITING, DONE),
        ("incompatible-network", FAILED, WAITING, DONE),
        ("insufficient-resource-limits", FAILED, WAITING, DONE),
    ],
)
def test_every_status_is_judged(status: str | None, available: str, gone: str, settled: str) -> None:
    verdicts = [judge(status).outcome for judge in (evaluate_status, evaluate_deletion, evaluate_settling)]
    assert verdicts == [available, gone, settled]


def test_no_status_of_botocores_model_is_missing() -> None:
    (marker,) = test_every_status_is_judged.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marker.args[1]} >= set(model_of("rds").shape_for("DBProxyStatus").enum)


@pytest.mark.parametrize("status", ["suspended", "incompatible-network", "insufficient-resource-limits", "deleting"])
def test_a_proxy_that_is_stuck_has_a_remedy(status: str) -> None:
    first, _dot, remedy = status_message("shop", status).partition(". ")
    assert first == f"The proxy shop is {status}"
    assert remedy.endswith(".")


def target(state: str | None, reason: str | None = None, **more: Any) -> Target:
    return Target("RDS_INSTANCE", "orders", state=state, reason=reason, **more)


@pytest.mark.parametrize(
    ("state", "reason", "at_once", "later"),
    [
        ("AVAILABLE", None, DONE, DONE),
        ("REGISTERING", None, WAITING, WAITING),
        ("UNUSED", None, WAITING, WAITING),
        (None, None, WAITING, WAITING),
        ("UNAVAILABLE", None, WAITING, WAITING),
        ("UNAVAILABLE", "PENDING_PROXY_CAPACITY", WAITING, WAITING),
        ("UNAVAILABLE", "INVALID_REPLICATION_STATE", WAITING, WAITING),
        ("UNAVAILABLE", "PROMOTED", WAITING, WAITING),
        ("UNAVAILABLE", "UNREACHABLE", WAITING, FAILED),
        ("UNAVAILABLE", "CONNECTION_FAILED", WAITING, FAILED),
        ("UNAVAILABLE", "AUTH_FAILURE", WAITING, FAILED),
    ],
)
def test_every_reason_is_judged(state: str | None, reason: str | None, at_once: str, later: str) -> None:
    found = [
        evaluate_targets([target(state, reason)], stayed).outcome for stayed in (MENDABLE_SECONDS - 1, MENDABLE_SECONDS)
    ]
    assert found == [at_once, later]


def test_no_state_and_no_reason_of_botocores_model_is_missing() -> None:
    (marker,) = test_every_reason_is_judged.pytestmark  # type: ignore[attr-defined]
    rows = marker.args[1]
    assert {row[0] for row in rows} >= set(model_of("rds").shape_for("TargetState").enum)
    assert {row[1] for row in rows} >= set(model_of("rds").shape_for("TargetHealthReason").enum)


def test_of_a_cluster_the_writer_decides() -> None:
    cluster = Target("TRACKED_CLUSTER", "web")
    writer, reader = target("AVAILABLE", role="READ_WRITE"), target("UNAVAILABLE", "UNREACHABLE", role="READ_ONLY")
    assert evaluate_targets([cluster, writer, reader], MENDABLE_SECONDS).outcome == DONE
    assert evaluate_targets([cluster, reader], MENDABLE_SECONDS).outcome == FAILED
    assert evaluate_targets([cluster], 0).outcome == WAITING
    assert evaluate_targets([replace(cluster, state="AVAILABLE")], 0).outcome == DONE


def test_without_a_target_there_is_nothing_to_judge_yet() -> None:
    assert (evaluate_targets([], 999).outcome, evaluate_targets([], 999).about) == (
        WAITING,
        "AWS shows no target of it yet",
    )


@pytest.mark.parametrize(
    ("found", "missing", "message"),
    [
        (target("AVAILABLE"), (), None),
        (target(None), (), None),
        (target("REGISTERING"), (), "Target orders is REGISTERING."),
        (
            target("UNAVAILABLE", "UNREACHABLE", description="no route"),
            ("egress on sg-1: tcp/6432 to sg-2",),
            "AWS says: no route These rules between proxy and database are missing: egress on sg-1: tcp/6432 to sg-2.",
        ),
        (
            target("UNAVAILABLE"),
            ("egress on sg-1: tcp/6432 to sg-2",),
            "are missing: egress on sg-1: tcp/6432 to sg-2.",
        ),
        (target("UNAVAILABLE", "UNREACHABLE"), (), "are both there: see the network ACLs of the subnets"),
        (
            target("UNAVAILABLE", "AUTH_FAILURE"),
            (),
            f"has: {SECRET}, {SECRET}-2; and that the role {ROLE} m",
        ),
        (target("UNAVAILABLE", "CONNECTION_FAILED"), (), "The database refuses the connection: see that it is availab"),
        (target("UNAVAILABLE", "PENDING_PROXY_CAPACITY"), (), "The proxy is still scaling; see that its subnets have"),
        (target("UNAVAILABLE", "INVALID_REPLICATION_STATE"), (), "is a read replica: register the writer instead."),
        (target("UNAVAILABLE", "PROMOTED"), (), "was promoted from a read replica"),
    ],
)
def test_what_is_wrong_is_said_in_words(found: Target, missing: tuple[str, ...], message: str | None) -> None:
    said = target_message(found, PROXY, missing)
    assert said is None if message is None else message in (said or "")


def test_end_to_end_by_iam_no_secret_is_to_blame() -> None:
    proxy = replace(PROXY, auth=(), default_auth_scheme="iam_auth")
    said = target_message(target("UNAVAILABLE", "AUTH_FAILURE"), proxy, ())
    assert f"See that the role {ROLE} may rds-db:connect to the database" in str(said)


DATABASE = Database("instance", "orders", security_group_ids=("sg-a", "sg-b"), port=6432)


def rule(group: str, direction: str, peer: Peer, **more: Any) -> Rule:
    ports = {"protocol": "tcp", "from_port": 6432, "to_port": 6432}
    return Rule(group, direction, peer=peer, **{**ports, **more})


def group(name: str) -> Peer:
    return Peer("group", name)


OUT = rule("sg-p", "egress", group("sg-a"))
IN = rule("sg-a", "ingress", group("sg-p"))
CLOSED = ["egress on sg-p: tcp/6432 to sg-a", "egress on sg-p: tcp/6432 to sg-b"]


@pytest.mark.parametrize(
    ("rules", "missing"),
    [
        ((OUT, IN), []),
        ((OUT, rule("sg-b", "ingress", group("sg-p"))), []),
        ((rule("sg-p", "egress", Peer("cidr_ip", "0.0.0.0/0"), protocol="-1", from_port=-1, to_port=-1), IN), []),
        ((replace(OUT, from_port=0, to_port=65535), IN), []),
        ((OUT,), ["ingress on sg-a: tcp/6432 from sg-p", "ingress on sg-b: tcp/6432 from sg-p"]),
        ((IN,), CLOSED),
        ((replace(OUT, from_port=5432, to_port=5432), IN), CLOSED),
        ((replace(OUT, protocol="udp"), IN), CLOSED),
    ],
)
def test_the_side_that_is_closed_is_named(rules: tuple[Rule, ...], missing: list[str]) -> None:
    assert list(missing_paths(State(rules=rules), ["sg-p"], DATABASE)) == missing


@given(st.lists(st.sampled_from([None, "AVAILABLE", "REGISTERING", "UNAVAILABLE"])), st.floats(0, 1000))
def test_a_verdict_of_done_means_that_the_writer_is_available(states: list[str | None], stayed: float) -> None:
    targets = [target(state, "UNREACHABLE" if state == "UNAVAILABLE" else None) for state in states]
    verdict = evaluate_targets(targets, stayed)
    assert (verdict.outcome == DONE) == (bool(targets) and set(states) == {"AVAILABLE"})
    assert verdict.outcome != FAILED or stayed >= MENDABLE_SECONDS
