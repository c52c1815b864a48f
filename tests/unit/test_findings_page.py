# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every finding is documented: docs/findings.md and the RETURN of the modules hold the codes of the catalogue."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ..release.findings import PAGE, SECTIONS, page

MODULES = dict(
    zip(("lambda_rds_connection_info", "lambda_rds_connection", "rds_db_proxy"), SECTIONS.values(), strict=True)
)


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make findings"


def _findings(returned: Any) -> Iterator[Any]:
    """The entry "code" of each "findings", at any depth."""
    for name, value in returned.items():
        if name == "findings":
            yield value["contains"]["code"]["description"]
        else:
            yield from _findings(value.get("contains", {}))


@pytest.mark.parametrize("name", MODULES)
def test_return_names_the_codes_of_the_module(name: str) -> None:
    module = importlib.import_module(f"ansible_collections.cloudops.lambda_rds.plugins.modules.{name}")
    (description, *_more) = _findings(yaml.safe_load(module.RETURN))
    text = description if isinstance(description, str) else " ".join(description)
    assert re.findall(r"V\((\w+)\)", text) == MODULES[name]
