# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the evaluator finds is seen in the texts, in the picture and on the page."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import escape

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import LANGUAGES, brief
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.result import verdicts_data
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.verdict import evaluate
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.report import report

from .snapshots import open_snapshot, peered_scene, proxied_scene
from .test_diagram import LINE
from .test_one_cause import CAUSES


def connection(snapshot: Snapshot, language: str) -> dict[str, Any]:
    (data,) = verdicts_data(snapshot, evaluate(snapshot, ["f"]), language)
    return data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_is_seen(name: str, language: str) -> None:
    cause, _hop, code = CAUSES[name]
    snapshot = cause(open_snapshot())
    data = connection(snapshot, language)
    assert all(LINE.fullmatch(line) for line in data["diagram"].splitlines())
    assert brief(code, language) in data["diagram"].replace("#40;", "(").replace("#41;", ")")
    page = report({"database": {}, "connections": [data]}, language)
    for finding in data["findings"]:
        assert escape(finding["message"]) in page
        assert escape(finding["remedy"]) in page
        assert finding["source"] in page


def test_a_function_in_a_peered_vpc_is_drawn_apart() -> None:
    text = connection(peered_scene(), "en")["diagram"]
    assert text.index('["VPC vpc-1"]') < text.index("function_1[") < text.index('["VPC vpc-2"]')


def test_a_proxy_is_drawn_with_both_legs() -> None:
    text = connection(proxied_scene(), "en")["diagram"]
    assert "egress: tcp/5432" in text
    assert "ingress: tcp/6432" in text
    assert 'proxy_1[["RDS Proxy<br>pool"]]' in text
