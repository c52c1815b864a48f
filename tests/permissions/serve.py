# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ministack for Molecule: its URL goes into the file that is named, and it stops when that file is removed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.permissions.ministack import Ministack


def main() -> None:
    ready_file = Path(sys.argv[1])
    with Ministack() as running:
        unfinished = ready_file.with_name(f"{ready_file.name}.unfinished")
        unfinished.write_text(running.url, encoding="utf-8")
        unfinished.replace(ready_file)  # at once: a reader sees all of it or nothing
        while ready_file.exists():
            time.sleep(0.1)


if __name__ == "__main__":
    main()
