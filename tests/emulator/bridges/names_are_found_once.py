# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What moto works out for each value of each answer, it keeps: attributes, names of XML elements, services by host.

A value is looked for as moto does it, without an object and a path for each question where no path matters.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.core.serialize import (
    MISSING,
    AttributePickerContext,
    ResponseSerializer,
    XFormedAttributePicker,
    xmltodict,
)
from moto.core.utils import get_value as value_of
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Also where the emulator is to be plain moto: it makes no difference that a test could see.
PLAIN = True


def install() -> None:
    attributes: dict[Any, list[str]] = {}
    services: dict[str | None, Any] = {}

    @replaces_method(XFormedAttributePicker, "__init__")
    def init(original: Any, self: Any, **arguments: Any) -> None:
        original(self, **arguments)
        self.transformed_keys = {path.rpartition(".")[2] for path in self.response_transformers}

    @replaces_method(ResponseSerializer, "get_value")
    def get_value(original: Any, self: Any, value: Any, key: str, shape: Any) -> Any:
        """Which attributes a value may be in depends on its shape and on the class of the object that has it."""
        picker = self._value_picker
        if key in picker.transformed_keys:  # moto compares its path
            return original(self, value, key, shape)
        place = (type(value), shape, key)
        if place not in attributes:
            attributes[place] = list(picker.get_possible_keys(AttributePickerContext(value, key, shape)))
        return next((found for name in attributes[place] if (found := value_of(value, name)) is not MISSING), None)

    @replaces_method(DomainDispatcherApplication, "get_backend_for_host")
    def get_backend_for_host(original: Any, self: Any, host: str | None) -> Any:
        if host not in services:
            services[host] = original(self, host)
        return services[host]

    xmltodict._validate_name = functools.cache(xmltodict._validate_name)
