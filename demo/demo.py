# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job on an embedded emulator: connect a function to a database, and take it back. Run by `make demo`.

Exit status 0 if all is as told, 1 if not, 130 on Ctrl-C.
"""

from __future__ import annotations

import sys

from ansible_collections.cloudops.lambda_rds.demo.signals import leave_in_order
from ansible_collections.cloudops.lambda_rds.demo.terminal import say


def main() -> int:
    leave_in_order()
    try:
        # It imports boto3, which takes a while: Ctrl-C has to be in order by then.
        from ansible_collections.cloudops.lambda_rds.demo import story

        return story.run()
    except SystemExit as leaving:
        say("\nInterrupted. The emulator is stopped.")
        raise leaving from None


if __name__ == "__main__":
    sys.exit(main())
