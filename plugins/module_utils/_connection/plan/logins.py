# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Login by IAM: the inline policies that let execution roles log in to a database. PRIVATE to the collection.

There is one for each execution role and database, however many functions share the role. IAM is global and an inline
policy has no path, so its name carries the Region and the database. Only a policy with the text that this module writes
is treated as its own.
"""

from __future__ import annotations

from ..._changes.plan import PlanBuilder
from ..._errors import Refusal
from ..._model.login_policies import LoginPolicy, policy_name, role_name
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..function_changes import DeleteLoginPolicy, PutLoginPolicy
from ..observed import Observed
from ..parameters import Options
from .findings import login_policy_kept, login_policy_not_ours, login_roles_not_searched


def login_refusals(want: Options, observed: Observed) -> list[Refusal]:
    """Why nobody can be let in by IAM."""
    if not want.db_users:
        return []
    users = ", ".join(want.db_users)
    found = [
        Refusal(
            "db_users",
            users,
            f"the role {policy.role} has an inline policy {policy.name} that is not as this module writes it.",
            "Rename or delete that policy, or leave out db_users.",
        )
        for policy in observed.state.login_policies.values()
        if not policy.ours
    ]
    if observed.database is not None and not observed.database.resource_id:
        reason = f"RDS shows no resource id for {want.database.text}, by which IAM would know it."
        found.append(Refusal("db_users", users, reason, "Leave out db_users."))
    return found


def grant_logins(steps: PlanBuilder[State], want: Options, observed: Observed) -> None:
    """Let the execution roles log in as exactly the wanted users.

    This comes after the functions are attached: a concurrent run that removes unused policies reads policies first and
    functions second, so it never sees a policy without the function that needs it.
    """
    resource_id = observed.database.resource_id if observed.database else ""
    for function in sorted(steps.state.functions.values(), key=lambda function: function.name):
        role, arn = role_name(function.role_arn), function.arn.split(":")
        database_arn = f"arn:{arn[1]}:rds-db:{arn[3]}:{arn[4]}:dbuser:{resource_id}"
        name = policy_name(want.database, arn[3])
        policy = LoginPolicy(role, name, want.db_users or (), database_arn)
        if role and steps.state.login_policies.get(role) != policy:
            steps.add(PutLoginPolicy(policy))


def withdraw_logins(steps: PlanBuilder[State], want: Options, observed: Observed) -> list[Finding]:
    """Delete our policies for this database, except on roles whose other functions stay connected."""
    findings = []
    for role, policy in sorted(steps.state.login_policies.items()):
        if not policy.ours:
            findings.append(login_policy_not_ours(role, policy.name))
        elif role in observed.login_users:
            findings.append(login_policy_kept(role, policy.name, observed.login_users[role]))
        else:
            steps.add(DeleteLoginPolicy(policy))
    gone = [function.name for function in want.functions if function.name not in observed.state.functions]
    if gone and not observed.login_roles_searched:
        findings.append(login_roles_not_searched(gone))
    return findings
