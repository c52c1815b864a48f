# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The filter reachability_report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: reachability_report
short_description: Make a page of what lambda_rds_connection_info found
version_added: 0.2.0
author:
  - cloudops.lambda_rds maintainers (@cloudops)
description:
  - Makes one HTML page of the result of M(cloudops.lambda_rds.lambda_rds_connection_info), to read, to print and to
    forward. It says which functions reach the database, draws the path of each, and lists what is wrong and what to do
    about it.
  - The page needs no network and no script. It follows the reader's choice of light or dark, and is readable on a
    phone.
  - The findings are in the language that the module was asked for; this filter writes the rest of the page.
options:
  _input:
    description: The whole result of the module.
    type: dict
    required: true
  language:
    description: The language of the page. The default is that of the result.
    type: str
    choices:
      - en
      - ja
  title:
    description: The heading of the page. The default is a question in the page's language.
    type: str
  generated:
    description:
      - The time that the page shows, as text. The default is now, in UTC.
      - With a text of your own, or an empty one, the same result makes the same page, so that a task which writes it
        changes nothing.
    type: str
seealso:
  - module: cloudops.lambda_rds.lambda_rds_connection_info
"""

EXAMPLES = r"""
- name: Ask whether the functions reach the database
  cloudops.lambda_rds.lambda_rds_connection_info:
    function_names:
      - orders
      - invoices
    db_instance_identifier: shop
  register: path

- name: Write a page about it
  ansible.builtin.copy:
    content: "{{ path | cloudops.lambda_rds.reachability_report }}"
    dest: /tmp/path.html
    mode: "0644"
  delegate_to: localhost

- name: Write it in Japanese, under a heading of our own
  ansible.builtin.copy:
    content: "{{ path | cloudops.lambda_rds.reachability_report(language='ja', title='本番環境の接続確認') }}"
    dest: /tmp/path-ja.html
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The page, as HTML.
  type: str
"""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Callable, Optional

from ansible.errors import AnsibleFilterError

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import LANGUAGES
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.report import report

_NEEDED = ("connections", "database")


def reachability_report(
    result: Any, language: Optional[str] = None, title: Optional[str] = None, generated: Optional[str] = None
) -> str:
    missing = [key for key in _NEEDED if not isinstance(result, Mapping) or key not in result]
    if missing:
        raise AnsibleFilterError(
            "reachability_report: this is not a result of lambda_rds_connection_info, because it has no"
            f" {' and no '.join(missing)}. Give what you registered of that module, after it succeeded."
        )
    chosen = language or result.get("language") or LANGUAGES[0]
    if chosen not in LANGUAGES:
        choices = ", ".join(LANGUAGES)
        raise AnsibleFilterError(f"reachability_report: language is {chosen}, but has to be one of: {choices}.")
    if generated is None:
        generated = f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"
    return report(result, chosen, title or "", generated)


class FilterModule:
    """What Ansible asks for filters."""

    def filters(self) -> dict[str, Callable[..., str]]:
        return {"reachability_report": reachability_report}
