# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds all bridges over moto's gaps, and puts them in order.

A bridge is a file below this folder that has `install()`; it makes true what its name says. Where it changes what
another bridge changes too, `AFTER` names those that come before it. A request passes the last one first.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent
_HERE = __name__.rpartition(".")[0]


def install(*, plain: bool) -> None:
    """Change moto in this process, for good. `plain` leaves out all that a test could tell from moto."""
    for bridge in in_order(bridges()):
        if not plain or getattr(bridge, "PLAIN", False):
            bridge.install()


def bridges() -> dict[str, ModuleType]:
    """Every bridge by its name, in the order of the names."""
    found = {}
    for path in sorted(FOLDER.rglob("*.py"), key=lambda path: path.stem):
        if path != Path(__file__):
            module = import_module(".".join((_HERE, *path.relative_to(FOLDER).with_suffix("").parts)))
            found.update({path.stem: module} if hasattr(module, "install") else {})
    return found


def in_order(found: dict[str, ModuleType]) -> list[ModuleType]:
    """
    :raises CycleError: bridges come after each other
    :raises LookupError: one comes after a bridge that does not exist
    """
    before = {name: getattr(bridge, "AFTER", ()) for name, bridge in found.items()}
    unknown = {other for others in before.values() for other in others} - found.keys()
    if unknown:
        raise LookupError(f"No bridge is called {', '.join(sorted(unknown))}.")
    return [found[name] for name in TopologicalSorter(before).static_order()]
