# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Loaded by each process of a run of ansible-playbook (role_runs.py): who sleeps moves the emulator's clock instead.

The short naps of Ansible itself are none of AWS's business.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request

_NAP_SECONDS = 0.1
_nap = time.sleep


def _sleep(seconds: float) -> None:
    if seconds < _NAP_SECONDS:
        _nap(seconds)
        return
    url = f"{os.environ['EMULATOR_URL']}/_emulator/clock"
    request = urllib.request.Request(url, json.dumps({"advance": seconds}).encode(), method="POST")
    # No proxy of the environment stands between us and the loopback interface.
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).close()


time.sleep = _sleep  # type: ignore[assignment]
