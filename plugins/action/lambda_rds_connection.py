# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_action import ProgressAction


class ActionModule(ProgressAction):
    """Runs the module of this name and shows its progress."""
