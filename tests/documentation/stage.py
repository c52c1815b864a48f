# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where examples are tried out: a reader, an emulator, and what is noted while an example runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, snapshot

from .documents import Block, Place, blocks
from .reader import Outcome, Reader
from .worlds import REGION, World, clients


@dataclass(frozen=True)
class Example:
    """How a block is tried out: in which world, what is done before, and what has to be so afterwards.

    :param files: the blocks that it needs as files, each under the name in its first line
    :param quoted: the block that shows the message it fails with
    """

    place: Place
    world: World
    then: tuple[Claim, ...]
    first: tuple[Claim, ...] = ()
    files: tuple[Place, ...] = ()
    quoted: Place | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """All blocks that are tried out with it."""
        return (self.place, *self.files, *([self.quoted] if self.quoted else []))


@dataclass
class Stage:
    """Examples are tried out on it one after the other; `kept` are the states that the emulator can go back to."""

    reader: Reader
    emulator: RunningEmulator
    kept: set[str] = field(default_factory=set)

    def play(self, example: Example) -> Attempt:
        """
        :raises AssertionError: something is not as the document says
        """
        attempt = Attempt(self, example)
        attempt.begin()
        for claim in example.first:
            claim(attempt)
        attempt.before = attempt.look()
        attempt.outcomes.append(attempt.do())
        for claim in example.then:
            claim(attempt)
        return attempt


@dataclass
class Attempt:
    """An example that is being tried out. `outcomes` has the run of the block itself first, then others to look at."""

    stage: Stage
    example: Example
    outcomes: list[Outcome] = field(default_factory=list)
    before: Any = None

    @property
    def outcome(self) -> Outcome:
        """Of the block as it stands."""
        return self.outcomes[0]

    @property
    def aws(self) -> Clients:
        return self.elsewhere()

    def elsewhere(self, profile: str = "", region: str = REGION) -> Clients:
        return clients(self.stage.emulator, profile, region)

    def begin(self) -> None:
        """The world as it is before the example."""
        self.example.world.begin(self.stage.emulator, self.stage.kept)

    def block(self, place: Place | None = None) -> Block:
        return blocks()[place or self.example.place]

    def do(
        self,
        *options: str,
        block: Block | None = None,
        files: Sequence[Block] = (),
        instead: tuple[str, str] = ("", ""),
    ) -> Outcome:
        """Run the block, or another one, with further options or with a text in it replaced."""
        emulator, reader = self.stage.emulator, self.stage.reader
        return reader.try_out(
            block or self.block(),
            self.example.world.environment(emulator, reader.home),
            files=files or [self.block(place) for place in self.example.files],
            options=options,
            instead=instead,
        )

    def look(self) -> Any:
        """All that a connection may touch, in the one account that most examples are about."""
        return snapshot(self.aws)


Claim = Callable[[Attempt], None]
