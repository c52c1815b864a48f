# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation of modules and filter are tasks that Ansible takes. Options: test_options.py."""

from __future__ import annotations

import re

from .documents import TOP
from .reader import Reader, as_playbook


def test_ansible_takes_them(reader: Reader) -> None:
    """All in one playbook, a play each."""
    sources = [*(TOP / "plugins/modules").glob("*.py"), *(TOP / "plugins/filter").glob("*.py")]
    examples = [
        re.search(r'^EXAMPLES = r?"""\n(.*?)^"""', path.read_text(), re.DOTALL | re.MULTILINE) for path in sources
    ]
    folder = reader.new_folder()
    plays = "".join(as_playbook(found[1].removeprefix("---\n")) for found in examples if found)
    assert len(sources) == plays.count("- hosts: localhost\n")
    (folder / "playbook.yml").write_text(plays, encoding="utf-8")
    checked = reader.run("ansible-playbook --syntax-check playbook.yml", {}, folder)
    assert checked.status == 0, checked.story
