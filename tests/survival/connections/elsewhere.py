# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Another node, as far as Ansible knows: in truth it is this machine (long_runs.py)."""

from __future__ import annotations

DOCUMENTATION = r"""
name: elsewhere
short_description: another node
description:
  - Like P(ansible.builtin.local#connection), but Ansible takes it for another node.
author:
  - cloudops.lambda_rds maintainers (@cloudops)
extends_documentation_fragment:
  - connection_pipelining
"""

from ansible.plugins.connection.local import Connection as LocalConnection  # noqa: E402


class Connection(LocalConnection):  # type: ignore[misc]
    transport = "elsewhere"
