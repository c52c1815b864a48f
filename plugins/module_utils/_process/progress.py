# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a run is, told to whoever shows it while the module is still at work. PRIVATE to the collection.

The action plugin makes a file, names it in the environment, and looks into it now and then; the module keeps its stage
there, the latest one only. So nobody waits for anybody, the file does not grow, and one that cannot be written, or that
nobody reads any more, matters to nobody. Without the file (another node, or another way to start the module) the same
calls do nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional

ENVIRONMENT_VARIABLE = "LAMBDA_RDS_PROGRESS_FILE"
# Of the file: room for the longest stage.
RECORD_BYTES = 1024
_WHAT_CHARACTERS = 60


class Phase(str, Enum):
    """What a run is at. Where it has a ``total``, that counts what the comment says."""

    LOOK = "look"  # functions that are looked at, without telling how many are done
    WRITE = "write"  # changes of groups, rules and tags, versions and aliases
    UPDATE = "update"  # functions whose VPC configuration is written
    SETTLE = "settle"  # functions that Lambda has been told to update, until it has
    ACTIVATE = "activate"  # versions, until they can be invoked
    RELEASE = "release"  # waits until AWS has deleted the network interfaces that hold the group ``what``
    PROXY = "proxy"  # waits until AWS is done with what it does to the proxy ``what``
    TARGETS = "targets"  # waits until the proxy ``what`` reaches its database
    VERIFY = "verify"  # checks the paths


@dataclass(frozen=True)
class Stage:
    """A moment of a run.

    ``limit``: so many calls a second are let through, and that is what the run is waiting for; 0 where it is not.
    ``seconds_left``: an estimate of how long this stage will still take. ``at_most``: the seconds after which a wait
    is given up.
    """

    doing: Phase
    done: int = 0
    total: int = 0
    what: str = ""
    limit: int = 0
    seconds_left: Optional[float] = None
    at_most: Optional[float] = None


class Progress:
    """Keeps the latest stage in a file. Threads may tell at the same time."""

    def __init__(self, path: str = "") -> None:
        """Without a path, or where it leads to no file of ours, what is told goes nowhere."""
        self._file: Optional[int] = None
        if path:
            # A FIFO that nobody reads would hold us up without O_NONBLOCK.
            with suppress(OSError, ValueError):
                self._file = os.open(path, os.O_WRONLY | os.O_NONBLOCK)

    @classmethod
    def of_environment(cls, environment: Optional[Mapping[str, str]] = None) -> Progress:
        return cls((os.environ if environment is None else environment).get(ENVIRONMENT_VARIABLE, ""))

    def tell(self, stage: Stage) -> None:
        """This is where the run is now. Takes microseconds, and never fails."""
        if self._file is not None:
            with suppress(OSError, ValueError):
                os.pwrite(self._file, _record(stage), 0)


SILENT = Progress()


def _record(stage: Stage) -> bytes:
    told = {**vars(stage), "what": stage.what[:_WHAT_CHARACTERS]}
    return json.dumps(told).encode().ljust(RECORD_BYTES)


def stage_from(record: bytes) -> Optional[Stage]:
    """The stage that a file holds; None where it holds none, or one that is being written right now."""
    try:
        told = json.loads(record)
        return Stage(
            Phase(told["doing"]),
            int(told["done"]),
            int(told["total"]),
            "".join(character for character in str(told["what"]) if character.isprintable())[:_WHAT_CHARACTERS],
            int(told["limit"]),
            _seconds(told["seconds_left"]),
            _seconds(told["at_most"]),
        )
    except (LookupError, OverflowError, TypeError, ValueError):
        return None


def _seconds(value: Any) -> Optional[float]:
    """Whole ones; no number, or none that is finite, is an error."""
    return None if value is None else float(int(value))
