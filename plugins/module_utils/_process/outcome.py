# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a module ends: with its result, or with one clear message. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.common.warnings import warn

from .._errors import FunctionsFailedError, IncompleteError, LambdaRdsError, RefusedError, UnreachableError
from .interrupts import STOP


class Outcome:
    """Where a module puts its result."""

    result: dict[str, Any]


@contextmanager
def exit_module(module: Any) -> Iterator[Outcome]:
    """Exit with the result, its risks and what is pending as warnings; or fail with the message of the error.

    A signal ends the run with such a message too (_stop.py).
    """
    outcome = Outcome()
    with STOP.listening():
        try:
            yield outcome
        except RefusedError as error:
            refusals = [refusal.data for refusal in error.refusals]
            module.fail_json(msg=f"{error} Nothing was changed.", refusals=refusals)
        except IncompleteError as error:
            module.fail_json(msg=str(error), changed=bool(error.written), changes=error.written)
        except (FunctionsFailedError, UnreachableError) as error:
            _warn(error.result)
            module.fail_json(msg=str(error), **error.result)
        except LambdaRdsError as error:
            module.fail_json(msg=f"{error} Nothing was changed.")
        _warn(outcome.result)
        module.exit_json(**outcome.result)


def _warn(result: Mapping[str, Any]) -> None:
    for finding in result.get("findings", ()):
        if finding["severity"] == "risk":
            warn(f"{finding['message']} {finding['remedy']}")
    for item in result.get("pending", ()):
        if "security_group_id" in item:
            warn(f"Security group {item['security_group_id']} could not be deleted yet. {item['frees']}")
