# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The preview of a later task knows every change of an earlier one, or leaves it out on purpose."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._preview.earlier_tasks import EarlierTasks

UTILS = Path(__file__).resolve().parents[2] / "plugins/module_utils"
# No later task goes by versions, aliases and logins; of proxies the result is read, not the changes.
LEFT_OUT = {
    "publish_version", "update_alias", "put_role_policy", "delete_role_policy", "create_db_proxy", "modify_db_proxy",
    "modify_db_proxy_target_group", "register_db_proxy_targets", "deregister_db_proxy_targets", "add_tags_to_resource",
    "remove_tags_from_resource",
}  # fmt: skip


def actions() -> set[str]:
    """The actions that changes name in their data."""
    source = "".join(path.read_text(encoding="utf-8") for path in UTILS.rglob("*changes.py"))
    found = set(re.findall(r'"action": f?"([^"]+)"', source)) - {"{self.verb}_security_group_{self.direction}"}
    verbs = re.findall(r'verb = "(\w+)"', source)
    return found | {f"{verb}_security_group_{direction}" for verb in verbs for direction in ("ingress", "egress")}


def test_every_change_is_known_to_the_preview() -> None:
    known = set(EarlierTasks(has_ipv6=lambda _vpc_id: False)._actions)
    assert actions() - known == LEFT_OUT
    assert known - actions() == set()
