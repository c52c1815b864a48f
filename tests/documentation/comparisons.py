# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks that show what the product says or needs, compared with that."""

from __future__ import annotations

import contextlib
import io
import json
import re
from types import SimpleNamespace

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_action import TaskMessages
from ansible_collections.cloudops.lambda_rds.tests.permissions.policy import printed_policy

from .documents import Block

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "control plane API requests"
UPDATES_A_SECOND = 15
# Of a wait that has 600 s when it begins, some time later.
WAIT_SECONDS = (480, 600)


def iam_policy(block: Block) -> None:
    """It is JSON, and the policy that tests/permissions runs the modules under."""
    assert json.loads(block.text) == printed_policy()


def progress_lines(block: Block) -> None:
    """A task and its lines, in the words of the product; the counts are free, but go together."""
    banner, *lines = block.text.splitlines()
    assert re.fullmatch(r"TASK \[[^\]]+\] \*+", banner), banner
    assert len(lines) > 0
    for line in lines:
        assert line in _lines_with_the_counts_of(line), line


def _lines_with_the_counts_of(line: str) -> set[str]:
    """What is printed at each stage with these counts."""
    done, total = (int(number) for number in re.findall(r"(\d+) of (\d+)", line)[0])
    left = (total - done) / UPDATES_A_SECOND
    stages = [
        *(
            # An estimate may be a few seconds off.
            Stage(Phase.UPDATE, done, total, limit=UPDATES_A_SECOND, seconds_left=left + more)
            for more in range(5)
        ),
        *(Stage(Phase.SETTLE, done, total, at_most=seconds) for seconds in range(*WAIT_SECONDS)),
    ]
    return {_printed(stage) for stage in stages}


def _printed(stage: Stage) -> str:
    task = SimpleNamespace(args={}, action="cloudops.lambda_rds.lambda_rds_connection", no_log=False, delegate_to=None)
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        TaskMessages(task, {"inventory_hostname": "localhost"}).show(stage, 0)
    return errors.getvalue().strip()
