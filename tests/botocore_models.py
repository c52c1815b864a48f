# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""botocore's models of the services, read once a process.

Each run of a module makes new sessions, as it does in a process of its own. botocore reads its models anew for each
session, and makes the methods of each client anew: that takes longer than most runs.
"""

from __future__ import annotations

import functools
from typing import Any

import botocore.loaders
import botocore.session
from botocore.client import ClientCreator


def share() -> None:
    """All sessions of this process share one loader, and all clients of a service their methods."""
    botocore.session.create_loader = functools.cache(botocore.loaders.create_loader)
    creators: Any = ClientCreator
    make, made = creators._create_methods, dict[str, dict[str, Any]]()

    def create_methods(creator: ClientCreator, service_model: Any) -> dict[str, Any]:
        name = service_model.service_name
        if name not in made:
            made[name] = make(creator, service_model)
        return dict(made[name])

    creators._create_methods = create_methods
