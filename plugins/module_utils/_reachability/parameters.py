# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the options of lambda_rds_connection_info to a question. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .._errors import RefusedError
from .._options.function_selection import read_selection
from .._options.targets import read_database, read_functions, target_options
from .._options.validation import Refusals, check_ids, check_port
from .catalogue.texts import LANGUAGES
from .query import Query


def argument_spec() -> dict[str, dict[str, Any]]:
    """The module's own options; amazon.aws adds the connection's."""
    return {
        **target_options(),
        "language": {"type": "str", "choices": list(LANGUAGES), "default": "en"},
    }


def parse(params: Mapping[str, Any], region: Optional[str] = None) -> Query:
    """Reads the task's options.

    :raises RefusedError: with every contradiction and every malformed value
    """
    refusals = Refusals()
    selection = read_selection(params, refusals)
    functions = read_functions(params, region, refusals)
    database = read_database({**params, "state": "present"}, refusals)
    check_ids(params, {"vpc_id": "vpc-", "rds_security_group_ids": "sg-"}, refusals)
    check_port(params["port"], refusals)
    if refusals.found or database is None:
        raise RefusedError(refusals.found)
    return Query(
        functions,
        database,
        vpc_id=params["vpc_id"],
        rds_security_group_ids=tuple(dict.fromkeys(params["rds_security_group_ids"] or ())),
        port=params["port"],
        selection=selection,
    )
