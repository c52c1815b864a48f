# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which target of a proxy decides, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxy_targets import (
    NO_READER,
    PENDING,
    READ_ONLY,
    READ_WRITE,
    TROUBLES,
    UNHEALTHY,
    UNREACHABLE,
    Target,
    decider,
    target_from,
    trouble,
)

from ..calls import model_of

CLUSTER = Target("TRACKED_CLUSTER", "web")
AVAILABLE, UNAVAILABLE = "AVAILABLE", "UNAVAILABLE"


def member(role: str | None, state: str | None, reason: str | None = None, name: str = "web-1") -> Target:
    return Target("RDS_INSTANCE", name, "web", role=role, state=state, reason=reason)


def writer(state: str | None = None, reason: str | None = None) -> Target:
    return member(READ_WRITE, state, reason, name="writer")


def reader(state: str | None = None, reason: str | None = None) -> Target:
    return member(READ_ONLY, state, reason, name="reader")


def stranger(state: str | None = None, reason: str | None = None) -> Target:
    """One that the proxy has not been to yet."""
    return member("UNKNOWN", state, reason, name="stranger")


def found(targets: list[Target], role: str = READ_WRITE) -> tuple[str, str] | None:
    wrong = trouble(targets, role)
    return (wrong.code, wrong.target.identifier) if wrong else None


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        (None, None, None),
        ("AVAILABLE", None, None),
        ("REGISTERING", None, PENDING),
        ("UNUSED", None, PENDING),
        ("UNAVAILABLE", "PENDING_PROXY_CAPACITY", PENDING),
        ("UNAVAILABLE", "UNREACHABLE", UNREACHABLE),
        ("UNAVAILABLE", None, UNREACHABLE),
        ("UNAVAILABLE", "AUTH_FAILURE", UNHEALTHY),
        ("UNAVAILABLE", "CONNECTION_FAILED", UNHEALTHY),
        ("UNAVAILABLE", "INVALID_REPLICATION_STATE", UNHEALTHY),
        ("UNAVAILABLE", "PROMOTED", UNHEALTHY),
    ],
)
def test_what_is_wrong_with_a_target(state: str | None, reason: str | None, code: str | None) -> None:
    assert found([member(None, state, reason)]) == ((code, "web-1") if code else None)


def test_no_state_and_no_reason_of_botocores_model_is_missing() -> None:
    (marker,) = test_what_is_wrong_with_a_target.pytestmark  # type: ignore[attr-defined]
    rows = marker.args[1]
    assert {row[0] for row in rows} >= set(model_of("rds").shape_for("TargetState").enum)
    assert {row[1] for row in rows} >= set(model_of("rds").shape_for("TargetHealthReason").enum)
    assert set(model_of("rds").shape_for("TargetRole").enum) == {READ_WRITE, READ_ONLY, "UNKNOWN"}


@pytest.mark.parametrize(
    ("targets", "for_writing", "for_reading"),
    [
        ([], None, None),
        ([CLUSTER], None, None),
        ([CLUSTER, writer(AVAILABLE), reader(AVAILABLE)], None, None),
        ([CLUSTER, writer(AVAILABLE), reader(UNAVAILABLE, "AUTH_FAILURE")], None, (UNHEALTHY, "reader")),
        ([reader(AVAILABLE), writer(UNAVAILABLE, "UNREACHABLE")], (UNREACHABLE, "writer"), None),
        # Any reader will do.
        ([writer(AVAILABLE), reader(UNAVAILABLE, "AUTH_FAILURE"), reader(AVAILABLE)], None, None),
        (
            [writer(AVAILABLE), reader(UNAVAILABLE, "AUTH_FAILURE"), reader("REGISTERING")],
            None,
            (PENDING, "reader"),
        ),
        # One that is not known yet counts only where none is known.
        ([writer(AVAILABLE), stranger(UNAVAILABLE, "UNREACHABLE")], None, (UNREACHABLE, "stranger")),
        (
            [stranger(UNAVAILABLE, "UNREACHABLE"), reader(AVAILABLE)],
            (UNREACHABLE, "stranger"),
            None,
        ),
        # A failover: the proxy knows readers only, and waits for the writer.
        ([CLUSTER, reader(UNAVAILABLE, "UNREACHABLE")], (UNREACHABLE, "reader"), (UNREACHABLE, "reader")),
        ([CLUSTER, writer(AVAILABLE)], None, (NO_READER, "writer")),
        ([writer(UNAVAILABLE, "UNREACHABLE")], (UNREACHABLE, "writer"), (NO_READER, "writer")),
        # What AWS gives a reason for comes before what it is still at.
        ([writer("REGISTERING"), writer(UNAVAILABLE, "AUTH_FAILURE")], (UNHEALTHY, "writer"), (NO_READER, "writer")),
        # What the proxy does not use is no obstacle.
        ([writer("UNUSED"), writer(AVAILABLE), reader(AVAILABLE), reader("UNUSED")], None, None),
        ([writer(AVAILABLE), reader("UNUSED")], None, (PENDING, "reader")),
    ],
)
def test_who_decides(
    targets: list[Target], for_writing: tuple[str, str] | None, for_reading: tuple[str, str] | None
) -> None:
    assert found(targets) == for_writing
    assert found(targets, READ_ONLY) == for_reading


def code_of(targets: list[Target], role: str) -> str | None:
    wrong = trouble(targets, role)
    return wrong.code if wrong else None


def test_what_decides_is_what_aws_says_most_of() -> None:
    waiting, registering = writer(UNAVAILABLE, "PENDING_PROXY_CAPACITY"), writer("REGISTERING")
    silent, available = writer(), writer(AVAILABLE)
    assert decider([registering, waiting]) == waiting
    assert decider([available, silent]) == silent
    assert decider([available, registering]) == registering
    assert decider([reader("UNUSED"), reader(AVAILABLE), reader()], READ_ONLY) == reader(AVAILABLE)


_REASONS = ("UNREACHABLE", "AUTH_FAILURE", "PENDING_PROXY_CAPACITY", None)
_HEALTHS = st.one_of(
    st.sampled_from([(None, None), ("REGISTERING", None), ("UNUSED", None), (AVAILABLE, None)]),
    st.tuples(st.just(UNAVAILABLE), st.sampled_from(_REASONS)),
)
_TARGETS = st.builds(
    lambda role, health: member(role, *health), st.sampled_from([READ_WRITE, READ_ONLY, "UNKNOWN", None]), _HEALTHS
)


@given(st.lists(_TARGETS, max_size=5), st.sampled_from([READ_WRITE, READ_ONLY]), st.randoms())
def test_neither_order_nor_who_serves_others_matters(targets: list[Target], role: str, random: Any) -> None:
    other = READ_ONLY if role == READ_WRITE else READ_WRITE
    code = code_of(targets, role)
    assert code_of(random.sample(targets, len(targets)), role) == code
    serving = [target for target in targets if target.role != other]
    if serving:
        assert code_of(serving, role) == code
    assert code in (None, *TROUBLES)


@given(st.lists(_TARGETS, min_size=1, max_size=5))
def test_one_available_reader_is_enough_and_one_unavailable_writer_too_many(targets: list[Target]) -> None:
    assert trouble([*targets, reader(AVAILABLE)], READ_ONLY) is None
    wrong = trouble([*targets, writer(UNAVAILABLE, "AUTH_FAILURE")], READ_WRITE)
    assert wrong is not None
    assert wrong.code == UNHEALTHY


def test_health_in_aws_words() -> None:
    answer = {"RdsResourceId": "web-1", "TargetHealth": {"State": "UNAVAILABLE", "Reason": "AUTH_FAILURE"}}
    assert target_from(answer).health == "UNAVAILABLE (AUTH_FAILURE)"
    assert target_from({**answer, "TargetHealth": {"State": "UNAVAILABLE"}}).health == "UNAVAILABLE"
    assert target_from({"RdsResourceId": "web-1"}).health == "without a state yet"
    assert decider([]) is None
