# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what is on the paths and evaluates them; nothing is written. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._aws.client import Aws
from .._discovery.functions import chosen_functions
from .._errors import RefusedError
from .._model.databases import database_data
from .catalogue.hops import path_of_all
from .query import Query
from .read.read import read_snapshot
from .result import verdicts_data
from .summary import summary
from .verdict import evaluate


def run(question: Query, language: str, aws: Aws) -> dict[str, Any]:
    """The verdict on every function that is asked about.

    :raises RefusedError: no function is
    """
    question = _with_chosen(question, aws)
    snapshot = read_snapshot(question, aws)
    verdicts = evaluate(snapshot, question.names)
    return {
        "changed": False,
        "msg": summary(verdicts, question.database.text, language),
        "path": path_of_all(verdicts),
        "reachable": all(verdict.reachable for verdict in verdicts),
        "language": language,
        "database": database_data(question.database, snapshot.database, snapshot.proxy_target),
        "connections": verdicts_data(snapshot, verdicts, language),
    }


def _with_chosen(question: Query, aws: Aws) -> Query:
    if question.selection is None:
        return question
    names, _listed = chosen_functions(question.selection, aws)
    if not names:
        raise RefusedError([question.selection.refusal])
    return replace(question, functions=tuple(names))
