# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mermaid itself, as npm has it, reads every diagram. Nothing of it is part of the collection."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import Verdict
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.diagram import diagram
from ansible_collections.cloudops.lambda_rds.tests.report.browser import Browser
from ansible_collections.cloudops.lambda_rds.tests.unit.reachability import paths, samples

VERSION = "11.17.2"
SHA256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8"
MEMBER = "package/dist/mermaid.min.js"

# What Mermaid makes of it: the kind of diagram, and the texts of the picture.
PARSE = "return mermaid.parse(arguments[0]).then(found => found.diagramType)"
DRAW = """
return mermaid.render('drawn', arguments[0]).then(drawn => {
  document.body.innerHTML = drawn.svg;
  return [...document.querySelectorAll('.nodeLabel p, .edgeLabel p, .cluster-label p')]
    .map(each => each.innerText).filter(text => text.trim());
});
"""


@pytest.fixture(scope="module")
def mermaid(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A browser on an empty page that has Mermaid."""
    cache = os.environ.get("CACHE")
    folder = Path(cache, "mermaid") if cache else tmp_path_factory.mktemp("mermaid")
    page = folder / "page.html"
    script = _script(folder)
    page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body><script src="{script.name}"></script>')
    browser.show_as()
    browser.open(page)
    browser.run("mermaid.initialize({startOnLoad: false})")
    return browser


def _script(folder: Path) -> Path:
    """Fetched once, and again if it is not what it was."""
    script = folder / f"mermaid-{VERSION}.min.js"
    if not script.exists():
        if shutil.which("npm") is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("not installed: npm")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", f"mermaid@{VERSION}"], cwd=folder, check=True)
        with tarfile.open(folder / f"mermaid-{VERSION}.tgz") as package:
            member = package.extractfile(MEMBER)
            assert member is not None
            script.write_bytes(member.read())
    assert hashlib.sha256(script.read_bytes()).hexdigest() == SHA256
    return script


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_reads_every_sample(mermaid: Browser, language: str) -> None:
    for connection in samples.result(samples.hundred(), language)["connections"]:
        assert mermaid.run(PARSE, connection["diagram"]) == "flowchart-v2"


def test_it_draws_what_is_meant(mermaid: Browser) -> None:
    result = samples.result([samples.through_proxy('<b>"or#ders"</b>', reachable=False)])
    texts = mermaid.run(DRAW, result["connections"][0]["diagram"])
    assert sorted(texts) == sorted(
        [
            f"VPC {samples.VPC}",
            'Lambda function\n<b>"or#ders"</b>',
            f"Security group\n{samples.CLIENTS}",
            "egress: tcp/5432",
            "ingress: tcp/5432",
            f"Security group\n{samples.POOL_GROUP}",
            "RDS Proxy\nshop-pool",
            f"Security group\n{samples.POOL_GROUP}",
            "egress: tcp/5432",
            "ingress: tcp/5432\nclosed: no inbound rule",
            f"Security group\n{samples.SERVER}",
            "Database\nshop",
        ]
    )


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    verdict=paths.verdicts(),
    ids=st.tuples(st.none() | paths.words(), st.none() | paths.words()),
    language=st.sampled_from(["en", "ja"]),
)
def test_it_reads_any_names(mermaid: Browser, verdict: Verdict, ids: tuple[Any, Any], language: str) -> None:
    database = samples.SHOP.__class__("instance", "shop", vpc_id=ids[0])
    text = diagram(verdict, database, paths.SHOP, language, vpc_id=ids[1])
    assert mermaid.run(PARSE, text) == "flowchart-v2"


def test_it_would_say_so(mermaid: Browser) -> None:
    """A diagram that cannot be read is refused: the tests above could fail."""
    found = mermaid.run("return mermaid.parse('flowchart TB\\n a[\"b\" --> c').then(() => 'read', () => 'refused')")
    assert found == "refused"
