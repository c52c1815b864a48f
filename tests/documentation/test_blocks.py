# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documents show, works: each block is run or compared, or listed with a reason."""

from __future__ import annotations

import pytest

from .conftest import Play
from .documents import blocks
from .examples import COMPARED, EXAMPLES, LISTED, Compared
from .stage import Example


def test_each_block_is_run_compared_or_listed() -> None:
    known = {place for entry in (*EXAMPLES, *COMPARED, *LISTED) for place in entry.places}
    missing = [str(block) for place, block in blocks().items() if place not in known]
    surplus = [str(place) for place in known - blocks().keys()]
    assert not missing, "examples.py does not say what becomes of " + "\n".join(missing)
    assert not surplus, "examples.py names what is not there: " + "\n".join(surplus)


def test_each_block_has_one_entry() -> None:
    places = [entry.place for entry in (*EXAMPLES, *COMPARED, *LISTED)]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.place))
def test_it_does_as_it_is_told(play: Play, example: Example) -> None:
    play(example)


@pytest.mark.parametrize("entry", COMPARED, ids=lambda entry: str(entry.place))
def test_it_is_what_the_product_says(entry: Compared) -> None:
    entry.how(blocks()[entry.place])
