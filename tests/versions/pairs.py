# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The versions of ansible-core and amazon.aws that the collection is run on, from the oldest to the newest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """`requirements-<name>.txt` pins it; it runs on the first of these versions of Python that is installed."""

    name: str
    title: str
    pythons: tuple[str, ...]


PAIRS = (
    Pair("2.16", "2.16 + 9.5", ("3.11", "3.12")),
    Pair("2.17", "2.17 + 9.5", ("3.11", "3.12")),
    Pair("2.19", "2.19 + 10.1", ("3.11", "3.12", "3.13")),
    Pair("newest", "newest", ("3.13", "3.12", "3.14")),
)
