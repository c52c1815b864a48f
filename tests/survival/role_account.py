# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The account in which the role is killed and disturbed, with all that there is of IAM."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_function
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import Call, in_order
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG
from ansible_collections.cloudops.lambda_rds.tests.survival.role_runs import Played, play
from ansible_collections.cloudops.lambda_rds.tests.survival.shop import Shop


class RoleAccount(Shop):
    """A shop with a function `f` outside any VPC."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        # Switching off waits for Lambda's interfaces, and so ends in one run.
        emulator.set(interface_release_seconds=15)
        make_function(self.clients, "f", package="Image", Timeout=77)
        self.keep("bare")

    def variables(self, *, enabled: bool) -> dict[str, Any]:
        return {
            "connect_lambda_rds_enabled": enabled,
            "connect_lambda_rds_function_name": "f",
            "connect_lambda_rds_db_instance_identifier": "orders",
            "connect_lambda_rds_proxy_enabled": True,
            "connect_lambda_rds_proxy_auth": [{"secret_arn": self.secret, "iam_auth": "required"}],
            "connect_lambda_rds_db_users": ["app"],
            "connect_lambda_rds_release_timeout": 60,
        }

    def switch(self, *, enabled: bool) -> Played:
        """A run that nothing disturbs."""
        played = play(self.emulator, self.variables(enabled=enabled))
        assert played is not None
        assert not played.failed, played.output
        self.emulator.advance(LONG)
        return played

    def writes(self) -> list[Call]:
        """Those since the last checkpoint was restored."""
        return [call for call in in_order(self.emulator.calls()) if not call.is_read]

    def look(self) -> Any:
        return {**super().look(), "roles": self._roles()}

    def _roles(self) -> dict[str, Any]:
        roles = {role["RoleName"]: self._role(role["RoleName"]) for role in self.clients.iam.list_roles()["Roles"]}
        # The id of a proxy is new each time.
        without_ids: dict[str, Any] = json.loads(re.sub(r"\bprx-\w+", "prx", json.dumps(roles, sort_keys=True)))
        return without_ids

    def _role(self, name: str) -> dict[str, Any]:
        iam = self.clients.iam
        return {
            "tags": iam.list_role_tags(RoleName=name)["Tags"],
            "trust": iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"],
            "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
            "policies": {
                policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
            },
        }
