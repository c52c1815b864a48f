# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports the tarball as Galaxy and Automation Hub do: importer.py TARBALL. Fails on their errors and warnings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    # Automation Hub's rules: a tag of its list, and requires_ansible.
    environment = {**os.environ, "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true"}
    tarball = Path(sys.argv[1]).resolve()
    command = [sys.executable, "-m", "galaxy_importer.main", str(tarball)]
    pipe = subprocess.PIPE
    # It leaves its result in the folder that it runs in.
    run = subprocess.run(
        command, cwd=tarball.parent, env=environment, check=False, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )
    print(run.stdout)
    complaints = [line for line in run.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]
    print(f"{len(complaints)} warnings and errors", *complaints, sep="\n")
    return 1 if run.returncode or complaints else 0


if __name__ == "__main__":
    sys.exit(main())
