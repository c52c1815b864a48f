# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which functions lambda_rds_connection has connected through a proxy. PRIVATE to the collection.

They are found by their client groups or, where these are not ours, by the notes on our rules.
"""

from __future__ import annotations

from .._aws.client import Aws
from .._discovery.security_groups import groups_by
from .._model.functions import LATEST
from .._model.names import PROXY, DatabaseName
from .._model.notes import noted_functions
from .._model.ownership import TAG_DATABASE
from .._model.security_groups import rule_from


def connected_functions(aws: Aws, proxy_name: str) -> tuple[str, ...]:
    """Their names, in order. A function that does not exist any more is none."""
    key = DatabaseName(PROXY, proxy_name.lower()).key
    groups = groups_by(aws, f"tag:{TAG_DATABASE}", [key])
    rules = map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", [key]))
    noted = {name for rule in rules if rule.owned_by(key) for name in noted_functions(rule.tags)}
    ours = {group.id for group in groups.values() if group.owned_by(key)}
    if not ours and not noted:
        return ()
    latest = [version for version in aws.list_all_versions() if version["Version"] == LATEST]
    return tuple(
        sorted(
            version["FunctionName"]
            for version in latest
            if version["FunctionName"] in noted
            or ours & set((version.get("VpcConfig") or {}).get("SecurityGroupIds") or ())
        )
    )
