# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings and hops as data, in the language that is asked for. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from .findings import Finding
from .hops import Hop
from .texts_en import FINDINGS, HOPS, STATES

LANGUAGES = ("en", "ja")


def finding_data(finding: Finding, _language: str) -> dict[str, Any]:
    message, remedy = (text.format(resource=finding.resource, **finding.values) for text in FINDINGS[finding.code])
    return {
        "code": finding.code,
        "severity": finding.severity,
        "resource": finding.resource,
        "message": message,
        "remedy": remedy,
        "source": "",
    }


def hop_data(hop: Hop, _language: str) -> dict[str, Any]:
    return {
        "kind": hop.kind,
        "leg": hop.leg,
        "state": hop.state,
        "resources": list(hop.resources),
        "detail": hop.detail,
        "codes": list(hop.codes),
        "text": f"{HOPS[hop.kind]}: {STATES[hop.state]}",
    }
