# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which functions and which database a verdict is asked for. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from .._model.names import DatabaseName, FunctionName
from .._options.function_selection import Selection


@dataclass(frozen=True)
class Query:
    """``rds_security_group_ids`` and ``port`` are the database where it is given by ids; of one that is named they are
    what is said of it, which is compared with what RDS shows.

    With a ``selection`` the functions are known once AWS has been asked.
    ``subnet_ids`` and ``group_ids`` are further ones to look at: those that a plan puts functions into.
    ``all_versions``: the published versions of the whole account may be listed, as it takes to look at the aliases of
    more than a few functions.
    """

    functions: tuple[FunctionName, ...]
    database: DatabaseName
    vpc_id: Optional[str] = None
    rds_security_group_ids: tuple[str, ...] = ()
    port: Optional[int] = None
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    selection: Optional[Selection] = None
    all_versions: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(function.name for function in self.functions)
