# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings and hops as the data that a module returns, in a language. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol, cast

from . import english
from .codes import source
from .findings import BLOCKING_SHARE, Finding, Text
from .hops import Hop

ENGLISH = "en"
JAPANESE = "ja"
LANGUAGES = (ENGLISH, JAPANESE)


class Texts(Protocol):
    """What the file of each language has."""

    FINDINGS: Mapping[str, Text]
    HOPS: Mapping[str, str]
    EFFECTS: Mapping[str, str]
    STATES: Mapping[str, str]


def texts_in(language: str) -> Texts:
    """The texts of a language. Those in Japanese are compiled only where they are asked for."""
    if language == JAPANESE:
        from . import japanese  # noqa: PLC0415

        return cast(Texts, japanese)
    return cast(Texts, english)


def brief(code: str, language: str) -> str:
    """A finding in a few words; the code itself if it is not known, as in the result of a newer release."""
    text = texts_in(language).FINDINGS.get(code)
    return text.brief if text else code


def finding_data(finding: Finding, language: str) -> dict[str, str]:
    """The finding as data, its texts in ``language``; with its share of the connections, if it has one."""
    values = {"effect": _effect(finding, language), **finding.values, "resource": finding.resource}
    text = texts_in(language).FINDINGS[finding.code]
    return {
        "code": finding.code,
        "severity": finding.severity,
        "resource": finding.resource,
        "message": _filled(text.message, values),
        "remedy": _filled(text.remedy, values),
        "source": source(finding.code, language),
        **({} if finding.share is None else {"share": str(finding.share)}),
    }


def _effect(finding: Finding, language: str) -> str:
    """What its share means, in a sentence; nothing where it is all of the connections, as the rest of the text says."""
    share = finding.share
    if share is None or share == 1:
        return ""
    if share > Fraction(1, 2):
        return texts_in(language).EFFECTS["most"].format(count=int(share * 100))
    kind = "some" if share >= BLOCKING_SHARE else "few_addresses" if finding.fixed else "few"
    return texts_in(language).EFFECTS[kind].format(count=f"{round(1 / share):,}")


def hop_data(hop: Hop, language: str) -> dict[str, Any]:
    """The hop as data, with a line of text such as "Route: open (rtb-1)"."""
    told = ", ".join(filter(None, (*hop.resources, hop.detail)))
    texts = texts_in(language)
    text = f"{texts.HOPS[hop.kind]}: {texts.STATES[hop.state]}"
    return {
        "kind": hop.kind,
        "leg": hop.segment,
        "state": hop.state,
        "resources": list(hop.resources),
        "detail": hop.detail,
        "codes": list(hop.codes),
        "text": f"{text} ({told})" if told else text,
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A value may be empty, or have several lines: the text is one line all the same, without gaps."""
    return " ".join(text.format_map(values).split())
