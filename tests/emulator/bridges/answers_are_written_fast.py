# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers in XML are written as moto writes them, in less time, and request ids are drawn in one go."""

from __future__ import annotations

import string
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from moto.core.serialize import EC2Serializer, QuerySerializer
from moto.moto_api._internal.moto_random import MotoRandom

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Also where the emulator is to be plain moto: it makes no difference that a test could see.
PLAIN = True


def install() -> None:
    for serializer in (EC2Serializer, QuerySerializer):

        @replaces_method(serializer, "_serialize_body")
        def _serialize_body(_original: Any, _self: Any, body: dict[str, Any]) -> str:
            return '<?xml version="1.0" encoding="utf-8"?>\n' + _children(body)

    @replaces_method(MotoRandom, "get_random_string")
    def get_random_string(
        _original: Any, self: Any, length: int = 20, include_digits: bool = True, lower_case: bool = False
    ) -> str:
        characters = string.ascii_letters + string.digits * include_digits
        drawn = "".join(self.choices(characters, k=length))
        return drawn.lower() if lower_case else drawn


def _children(values: dict[str, Any]) -> str:
    return "".join(_elements(name, value) for name, value in values.items() if not name.startswith("@"))


def _elements(name: str, value: Any) -> str:
    """One element, or one for each item of a list."""
    if isinstance(value, list):
        return "".join(_elements(name, item) for item in value)
    attributes = ""
    if isinstance(value, dict):
        content = _children(value)
        attributes = "".join(f" {key[1:]}={quoteattr(value[key])}" for key in value if key.startswith("@"))
    else:
        content = _text(value)
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else escape(str(value))
