# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""botocore's models of the services, read once a process.

Each run of a module makes new sessions, as it does in a process of its own. botocore reads its models anew for each
session, and makes the methods and the names of events of each client anew: that takes longer than most runs.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import botocore.loaders
import botocore.session
from botocore.client import ClientCreator
from botocore.hooks import EventAliaser


def share() -> None:
    """All sessions of this process share one loader, all clients of a service their methods, and all the events."""
    botocore.session.create_loader = functools.cache(botocore.loaders.create_loader)
    _keep(ClientCreator, "_create_methods", lambda service_model: service_model.service_name)
    _keep(EventAliaser, "_alias_event_name", lambda event_name: event_name)


def _keep(owner: Any, name: str, key: Callable[[Any], str]) -> None:
    """What the method returns for an argument it returns for all objects: `key` tells arguments apart."""
    make, made = getattr(owner, name), dict[str, Any]()

    def method(self: Any, argument: Any) -> Any:
        known = key(argument)
        if known not in made:
            made[known] = make(self, argument)
        return copy.copy(made[known])

    setattr(owner, name, method)
