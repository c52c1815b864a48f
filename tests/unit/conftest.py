# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""For all unit tests: botocore's models are read once."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests import botocore_models

botocore_models.share()
