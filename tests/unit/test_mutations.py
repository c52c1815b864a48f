# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What `make mutants` breaks is still there, each text once: that takes minutes, this does not."""

from __future__ import annotations

import pytest

from ..packets.mutants import FOLDER, ROOT
from ..packets.mutations import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_text_that_a_mutant_changes_is_there_once(mutant: Mutant) -> None:
    assert (ROOT / FOLDER / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1
