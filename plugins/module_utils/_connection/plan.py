# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From what is wanted and what is there to the ordered changes between them. PRIVATE to the collection.

Pure: no boto3, no module, no clock. The same plan serves check mode, diff and the run.
"""

from __future__ import annotations

from .observed import Observed
from .parameters import Want
from .plan_absent import plan_absent
from .plan_present import plan_present
from .steps import Plan


def make_plan(want: Want, seen: Observed) -> Plan:
    """The changes; none where all is as wanted. With refusals there are no changes at all."""
    return plan_present(want, seen) if want.present else plan_absent(want, seen)
