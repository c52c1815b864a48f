# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""botocore's models of the services, read once a process.

Each run of a module makes new sessions, as it does in a process of its own. botocore reads its models anew for each
session, and makes the methods and the names of events of each client anew: that takes longer than most runs.
"""

from __future__ import annotations

import functools
from typing import Any

import botocore.hooks
import botocore.loaders
import botocore.session
from botocore.client import ClientCreator
from botocore.hooks import EventAliaser


def share() -> None:
    """All sessions of this process share one loader, and all clients of a service what botocore makes of its model."""
    botocore.session.create_loader = functools.cache(botocore.loaders.create_loader)
    _keep(ClientCreator, "_load_service_model")
    _keep(ClientCreator, "_create_methods")
    _keep(ClientCreator, "_create_name_mapping")
    _keep(EventAliaser, "_alias_event_name")
    # botocore inspects each of the handlers that it gives a client: one that is not as it has to be fails when called.
    botocore.hooks.accepts_kwargs = lambda _handler: True  # type: ignore[assignment,return-value]


def _keep(owner: Any, name: str) -> None:
    """What the method returns for its arguments it returns for all objects."""
    make, made = getattr(owner, name), dict[Any, Any]()

    def method(self: Any, *arguments: Any) -> Any:
        if arguments not in made:
            made[arguments] = make(self, *arguments)
        value = made[arguments]
        # botocore adds to dictionaries.
        return dict(value) if isinstance(value, dict) else value

    setattr(owner, name, method)
