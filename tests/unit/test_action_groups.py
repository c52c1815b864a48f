# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The action groups of meta/runtime.yml, which say which modules a play's and the role's defaults reach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
GROUPS: dict[str, Any] = yaml.safe_load((CHECKOUT / "meta/runtime.yml").read_text())["action_groups"]
OURS = {path.stem for path in (CHECKOUT / "plugins/modules").glob("*.py")}


def test_defaults_of_a_play_reach_each_module() -> None:
    (metadata,) = (each["metadata"] for each in GROUPS["aws"] if isinstance(each, dict))
    assert metadata == {"extend_group": ["amazon.aws.aws"]}
    assert {each for each in GROUPS["aws"] if isinstance(each, str)} == OURS


def test_those_of_the_role_reach_each_module_that_it_runs_and_no_other() -> None:
    tasks = "".join(path.read_text() for path in (CHECKOUT / "roles/connect_lambda_rds/tasks").glob("*.yml"))
    run = set(re.findall(r"^ +(?:cloudops\.lambda_rds\.)?((?:amazon\.aws\.)?\w+):$", tasks, re.MULTILINE))
    amazon = {name for name in run if name.startswith("amazon.aws.")}
    assert set(GROUPS["connect_lambda_rds"]) == amazon | (OURS & run)
