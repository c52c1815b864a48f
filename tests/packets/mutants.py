# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Breaks the evaluation of paths on purpose, one rule at a time, and tells which tests notice: `make mutants`.

    mutants.py [NAME ...]

Works on a copy of the tracked files. Ends with status 1 if a mutant lives, or if one no longer fits the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.packets.mutations import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
FOLDER = "plugins/module_utils/_reachability"
SUITES = {"unit": "tests/unit/reachability", "packets": "tests/packets/test_random_states.py"}


def main() -> int:
    chosen = [mutant for mutant in MUTANTS if not sys.argv[1:] or any(name in mutant.name for name in sys.argv[1:])]
    width = max(len(mutant.name) for mutant in chosen)
    lives = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = _copied(Path(folder))
        if not all(_passes(copy, tests) for tests in SUITES.values()):
            raise RuntimeError("The tests fail before anything is broken.")
        for mutant in chosen:
            told = _tried(copy, mutant)
            lives += "killed" not in told.values()
            print(f"{mutant.name:<{width}}", *(f"{suite}: {word:<7}" for suite, word in told.items()), flush=True)
    print(f"{len(chosen)} mutants, {len(chosen) - lives} killed")
    return 1 if lives else 0


def _copied(folder: Path) -> Path:
    """The collection in a tree of its own, beside the ones that it needs."""
    copy = folder / "ansible_collections/cloudops/lambda_rds"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


def _tried(copy: Path, mutant: Mutant) -> dict[str, str]:
    """Of each suite whether it noticed."""
    path = copy / FOLDER / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        return {"the text that it changes": "is gone"}
    path.write_text(text.replace(mutant.old, mutant.new))
    try:
        return {suite: "lives" if _passes(copy, tests) else "killed" for suite, tests in SUITES.items()}
    finally:
        path.write_text(text)


def _passes(copy: Path, tests: str) -> bool:
    """Without bytecode: what was compiled a moment ago could pass for the text of now."""
    environment = {**os.environ, "PYTHONPATH": str(copy.parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and " failed" not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
