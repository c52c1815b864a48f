# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a bridge changes moto: one method or property of one class, with the original at hand."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Replacement = Callable[..., Any]


def replaces_method(owner: Any, name: str) -> Callable[[Replacement], Replacement]:
    """`owner.name` becomes the decorated function, which gets the original before `self`.

    A moto without that method fails here, at start-up, and not silently in a test.
    """

    def decorate(replacement: Replacement) -> Replacement:
        original = getattr(owner, name)

        @functools.wraps(original)
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            return replacement(original, self, *args, **kwargs)

        setattr(owner, name, method)
        return replacement

    return decorate


def replaces_property(owner: Any, name: str) -> Callable[[Replacement], Replacement]:
    """`owner.name` is read through the decorated function, and written as before."""

    def decorate(replacement: Replacement) -> Replacement:
        setattr(owner, name, property(replacement, getattr(owner, name).fset))
        return replacement

    return decorate


def adds_property(owner: Any, name: str) -> Callable[[Replacement], Replacement]:
    """`owner.name`, which moto does not know, is read through the decorated function."""

    def decorate(replacement: Replacement) -> Replacement:
        _refuse_known(owner, name)
        setattr(owner, name, property(replacement))
        return replacement

    return decorate


def adds_method(owner: Any, name: str) -> Callable[[Replacement], Replacement]:
    """`owner.name`, which moto does not know, is the decorated function."""

    def decorate(replacement: Replacement) -> Replacement:
        _refuse_known(owner, name)
        setattr(owner, name, replacement)
        return replacement

    return decorate


def reads_attribute(owner: Any, name: str) -> Callable[[Replacement], Replacement]:
    """`owner.name`, which moto sets on each object, is read through the decorated function: it gets what was set."""

    def decorate(replacement: Replacement) -> Replacement:
        def read(self: Any) -> Any:
            return replacement(vars(self)[name], self)

        def write(self: Any, value: Any) -> None:
            vars(self)[name] = value

        _refuse_known(owner, name)
        setattr(owner, name, property(read, write))
        return replacement

    return decorate


def _refuse_known(owner: Any, name: str) -> None:
    if hasattr(owner, name):
        raise AttributeError(f"moto has {owner.__name__}.{name} by now: is the bridge still needed?")
