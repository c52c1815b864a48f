# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How many random states are played: PACKET_WORLDS, which `make soak` raises."""

from __future__ import annotations

import os

# Accounts with security groups and network ACLs, of six functions each, which are six states.
WORLDS = int(os.environ.get("PACKET_WORLDS", "54"))
# Accounts with route tables, likewise.
ROUTED_WORLDS = max(1, WORLDS // 5)
