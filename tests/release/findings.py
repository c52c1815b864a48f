# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes docs/findings.md: every finding, from the catalogue (`make findings`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.codes import (
    CODES,
    OF_BOTH,
    OF_CONNECTIONS,
    OF_PROXIES,
    source,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.english import FINDINGS

PAGE = Path(__file__).resolve().parents[2] / "docs/findings.md"
HEAD = """# Findings

Made by `make findings` in a clone of the repository, not by hand. A finding has a stable `code`; `blocks` means that
the path is closed or cannot be confirmed, `risk` that it may fail, `note` that it is worth knowing. Names in angle
brackets are filled in.
"""
SECTIONS = {
    "lambda_rds_connection_info, and lambda_rds_connection with verify": sorted(
        CODES.keys() - set(OF_CONNECTIONS) - set(OF_PROXIES)
    ),
    "lambda_rds_connection": sorted((*OF_CONNECTIONS, *OF_BOTH)),
    "rds_db_proxy": sorted(OF_PROXIES),
}


def page() -> str:
    return "\n".join([HEAD, *(_section(title, codes) for title, codes in SECTIONS.items())])


def _section(title: str, codes: Iterable[str]) -> str:
    rows = [f"## {title}", "", "| code | severity | what is wrong | what to do |", "| --- | --- | --- | --- |"]
    for code in codes:
        text, severity = FINDINGS[code], " or ".join(CODES[code].severities)
        message = f"{_shown(text.message)} ([source]({source(code, 'en')}))"
        rows.append(f"| `{code}` | {severity} | {message} | {_shown(text.remedy)} |")
    return "\n".join([*rows, ""])


def _shown(text: str) -> str:
    return " ".join(re.sub(r"\{(\w+)\}", r"`<\1>`", text).split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
