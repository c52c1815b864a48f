# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The picture. PRIVATE to the collection."""

from __future__ import annotations

from typing import Optional

from .._connection.state import Database
from .hops import Verdict


def diagram(verdict: Verdict, database: Optional[Database], behind: Optional[Database], language: str) -> str:
    return f"flowchart TB {verdict} {database} {behind} {language}"[:12]
