# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Login by IAM: the inline policies that let execution roles log in to a database. PRIVATE to the collection.

There is one for each execution role and database, however many functions share the role. IAM is global and an inline
policy has no path, so its name carries the Region and the database. Only a policy with the text that this module writes
is treated as its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .functions import Function
from .names import DatabaseName


@dataclass(frozen=True)
class LoginPolicy:
    """An inline policy of an execution role that lets it log in to a database by IAM, as any of ``users``.

    ``database_arn`` is what users' ARNs begin with. ``ours``: its text is one that this collection writes.
    """

    role: str
    name: str
    users: tuple[str, ...]
    database_arn: str
    ours: bool = True


def policy_name(database: DatabaseName, region: str) -> str:
    """At most 128 characters: a Region has fewer than 30, an identifier of RDS at most 63."""
    return f"cloudops-lambda-rds-{region}-{database.kind}-{database.value}"


def document_of(policy: LoginPolicy) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"""
    statement = {
        "Effect": "Allow",
        "Action": "rds-db:connect",
        "Resource": [f"{policy.database_arn}/{user}" for user in policy.users],
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy_from(role: str, name: str, document: Mapping[str, Any]) -> LoginPolicy:
    """Read an inline policy; ``ours`` is true only if its text is exactly what this module would write."""
    statements = document.get("Statement")
    first = statements[0] if isinstance(statements, list) and statements else {}
    resources = first.get("Resource") if isinstance(first, Mapping) else None
    named = [str(each).rpartition("/") for each in resources] if isinstance(resources, list) else []
    read = LoginPolicy(role, name, tuple(user for _arn, _slash, user in named), named[0][0] if named else "")
    ours = document_of(read) == document and ":rds-db:" in read.database_arn
    return LoginPolicy(role, name, read.users, read.database_arn, ours)


def role_name(role_arn: str) -> str:
    """An ARN has the role's path before its name."""
    return role_arn.rpartition("/")[2]


def execution_roles(functions: Iterable[Function]) -> list[str]:
    return sorted({role_name(function.role_arn) for function in functions if function.role_arn})
