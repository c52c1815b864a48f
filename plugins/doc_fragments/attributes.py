# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words for what a module supports, shared by all of them."""

from __future__ import annotations


class ModuleDocFragment:
    """Fragments C(cloudops.lambda_rds.attributes) and C(cloudops.lambda_rds.attributes.aws)."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description:
      - Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
"""

    AWS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/cloudops.lambda_rds.aws) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - cloudops.lambda_rds.aws
"""
