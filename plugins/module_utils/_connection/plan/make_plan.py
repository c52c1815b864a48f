# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The ordered changes between what is wanted and what there is. PRIVATE to the collection.

Pure: no boto3, no module, no clock. The same plan serves check mode, diff and the run.
"""

from __future__ import annotations

from ..observed import Observed
from ..parameters import Options
from ..resolve.resolution import Resolution
from .absent import plan_absent
from .plan import Plan
from .present import plan_present


def make_plan(want: Options, observed: Observed, resolution: Resolution) -> Plan:
    """The changes; none where all is as wanted. With refusals there are no changes at all."""
    return plan_present(want, observed, resolution) if want.present else plan_absent(want, observed, resolution)
