# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which tags are missing, and which purge_tags takes away. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

from .._model.ownership import OWN_TAGS

_KEPT = (OWN_TAGS, "aws:")


def missing_tags(there: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in wanted.items() if there.get(key) != value}


def unwanted_tags(there: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """All others but our own and AWS's."""
    return [key for key in there if key not in wanted and not key.startswith(_KEPT)]
