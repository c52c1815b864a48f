# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto works out for each value of each answer, it keeps: attributes, names of XML elements, services by host."""

from __future__ import annotations

import functools
from typing import Any

from moto.core.serialize import XFormedAttributePicker, xmltodict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Also where the emulator is to be plain moto: it makes no difference that a test could see.
PLAIN = True


def install() -> None:
    attributes: dict[Any, list[str]] = {}
    services: dict[str | None, Any] = {}

    @replaces_method(XFormedAttributePicker, "get_possible_keys")
    def get_possible_keys(original: Any, self: Any, context: Any) -> list[str]:
        """Which attributes a value may be in depends on its shape and on the class of the object that has it."""
        value = (type(context.obj), context.shape, context.key)
        if value not in attributes:
            attributes[value] = list(original(self, context))
        return attributes[value]

    @replaces_method(DomainDispatcherApplication, "get_backend_for_host")
    def get_backend_for_host(original: Any, self: Any, host: str | None) -> Any:
        if host not in services:
            services[host] = original(self, host)
        return services[host]

    xmltodict._validate_name = functools.cache(xmltodict._validate_name)
