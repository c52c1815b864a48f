# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run tells of itself, kept."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Progress, Stage


class Told(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.stages: list[Stage] = []

    def tell(self, stage: Stage) -> None:
        self.stages.append(stage)

    def of(self, doing: Phase) -> list[Stage]:
        return [stage for stage in self.stages if stage.doing is doing]
