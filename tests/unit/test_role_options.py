# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Each option of a module is written once more for the role: in meta/argument_specs.yml, in defaults/main.yml, in the
README's table and in the task that hands it to the module. These copies agree with the module's argument_spec, and what
differs on purpose is in the tables below. (ansible-test sanity holds argument_spec and DOCUMENTATION equal.)

To add an option: the module first, then the role until this passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup import parameters as cleanup
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection import parameters as connection
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy import parameters as proxy
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability import parameters as reachability

from .test_role_names import FILES, ROLE, tasks_of

ROLE_PREFIX = "connect_lambda_rds_"
COLLECTION = "cloudops.lambda_rds."


@dataclass(frozen=True)
class Source:
    """A module's options, and what their variables begin with after the role's prefix.

    ``shared``: options whose variables have no prefix of the module, because another module takes them too.
    """

    module: str
    options: Mapping[str, Any]
    prefix: str = ""
    shared: frozenset[str] = frozenset()

    def variables(self) -> dict[str, str]:
        """The variable of each option that has one."""
        return {
            option: ROLE_PREFIX + ("" if option in self.shared else self.prefix) + option
            for option in self.options
            if (self.module, option) not in NO_VARIABLE
        }


AWS = Source("amazon.aws", aws_argument_spec())
CONNECTION = Source("lambda_rds_connection", connection.argument_spec())
INFO = Source("lambda_rds_connection_info", reachability.argument_spec())
CLEANUP = Source("lambda_rds_cleanup", cleanup.argument_spec(), "cleanup_")
PROXY = Source(
    "rds_db_proxy",
    proxy.argument_spec(),
    "proxy_",
    frozenset({"db_instance_identifier", "db_cluster_identifier", "purge_tags"}),
)
ENTRY_POINTS = {
    "main": (CONNECTION, PROXY, AWS),
    "detach": (CONNECTION, PROXY, AWS),
    "diagnose": (INFO, AWS),
    "cleanup": (CLEANUP, AWS),
    "verdict": (),
}

# ---- what differs on purpose, with the reason ----

NO_VARIABLE = {
    ("amazon.aws", "debug_botocore_endpoint_logs"): "for the developers of modules; module_defaults reach it",
    ("lambda_rds_connection", "preview_after"): "the role knows its own earlier tasks",
    ("lambda_rds_connection", "state"): "the entry point and connect_lambda_rds_enabled decide",
    ("rds_db_proxy", "preview_after"): "the role knows its own earlier tasks",
    ("rds_db_proxy", "state"): "connect_lambda_rds_proxy_enabled decides",
    ("rds_db_proxy", "wait"): "the connection needs a proxy that is available",
}
# Variables of the role alone, by entry point.
REPORT = {
    "connect_lambda_rds_report_path": "the role writes the report",
    "connect_lambda_rds_report_title": "the role writes the report",
}
SWITCH = {
    **REPORT,
    "connect_lambda_rds_fail_later": "for loops, which a module does not see",
    "connect_lambda_rds_proxy_enabled": "whether there is a proxy at all",
    "connect_lambda_rds_proxy_kms_key_arns": "for the IAM role, which the role makes by amazon.aws",
}
ROLE_ONLY: dict[str, dict[str, str]] = {
    "main": {**SWITCH, "connect_lambda_rds_enabled": "the switch"},
    "detach": SWITCH,
    "diagnose": REPORT,
    "cleanup": {},
    "verdict": {},
}
# What the role's argument_specs have instead.
DIFFERENT: dict[tuple[str, str], tuple[Any, str]] = {
    ("connect_lambda_rds_egress_rules", "default"): ([], "a list to which a play can add"),
    ("connect_lambda_rds_proxy_default_auth_scheme", "choices"): (
        None,
        "the default null leaves it out, and Ansible refuses a null where there are choices; the module checks them",
    ),
    ("connect_lambda_rds_proxy_name", "required"): (None, "the role names the proxy after the database"),
    ("connect_lambda_rds_validate_certs", "default"): (None, "null leaves it to the play's module_defaults"),
    ("connect_lambda_rds_verify", "default"): (True, "the switch promises an open path, the module a connection"),
}
# Lines of tasks that are not just a variable.
OWN_LINES = {
    ("lambda_rds_connection", "db_proxy_name"): "the proxy that the role makes, or else the variable",
    ("lambda_rds_connection", "preview_after"): "the results of the role's earlier tasks",
    ("lambda_rds_connection", "state"): "what the entry point and the switch say",
    ("lambda_rds_connection", "verify"): "not before the proxy is made",
    ("rds_db_proxy", "name"): "the variable, or else a name after the database",
    ("rds_db_proxy", "preview_after"): "the results of the role's earlier tasks",
    ("rds_db_proxy", "role_arn"): "the IAM role that the role makes, or else the variable",
    ("rds_db_proxy", "state"): "absent, where the proxy is deleted",
}

# ---- the copies ----


def read(file: str) -> Any:
    return yaml.safe_load((ROLE / file).read_text(encoding="utf-8"))


SPECIFICATIONS: dict[str, dict[str, Any]] = {
    name: entry["options"] for name, entry in read("meta/argument_specs.yml")["argument_specs"].items()
}
SPECIFIED: dict[str, Any] = {name: option for options in SPECIFICATIONS.values() for name, option in options.items()}
# In the README's table: | `variable` | type | `default` | meaning |
ROW = re.compile(
    r"^\| `(?P<name>\w+)` \| (?P<type>[\w ]+) \| (?:`(?P<default>[^`]*)`)? ?\| (?P<meaning>.*) \|$", re.MULTILINE
)
ROWS = {row["name"]: row for row in ROW.finditer((ROLE / "README.md").read_text(encoding="utf-8"))}
TASKS = [
    (file.name, module.removeprefix(COLLECTION), arguments)
    for file in FILES
    for task in tasks_of(yaml.safe_load(file.read_text(encoding="utf-8")))
    for module, arguments in task.items()
    if module.startswith(COLLECTION)
]


def facts(name: str, option: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """What an option is, and its suboptions, but for the texts. What is not said is left out."""
    said: dict[str, Any] = {"type": option.get("type", "str"), "default": option.get("default")}
    said["elements"] = option.get("elements")
    said["choices"] = list(option.get("choices") or ()) or None
    said.update({key: option.get(key) or None for key in ("required", "no_log")})
    found = {(name, key): value for key, value in said.items() if value is not None}
    for suboption, its in (option.get("options") or {}).items():
        found |= facts(f"{name}.{suboption}", its)
    return found


def wanted(entry_point: str) -> dict[tuple[str, str], tuple[Any, str]]:
    """What the variables of an entry point have to be, and the module that says so."""
    found: dict[tuple[str, str], tuple[Any, str]] = {}
    for source in ENTRY_POINTS[entry_point]:
        for option, variable in source.variables().items():
            for key, value in facts(variable, source.options[option]).items():
                assert found.get(key, (value,))[0] == value, f"{source.module} and {found[key][1]} disagree on {key}"
                found[key] = (value, source.module)
    return found


def differences(entry_point: str) -> Iterator[tuple[tuple[str, str], Any, str]]:
    """By variable and fact: what the role says, and a text that has place and both values."""
    module_says = wanted(entry_point)
    role_says: dict[tuple[str, str], Any] = {}
    for variable, option in SPECIFICATIONS[entry_point].items():
        if variable not in ROLE_ONLY[entry_point]:
            role_says |= facts(variable, option)
    for key in sorted(module_says.keys() | role_says.keys()):
        theirs, module = module_says.get(key, (None, "no module"))
        ours = role_says.get(key)
        if ours != theirs:
            yield (
                key,
                ours,
                f"argument_specs.yml, {entry_point}, {key[0]}: {key[1]} is {ours!r}, of {module} {theirs!r}",
            )


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_the_argument_specs_are_those_of_the_modules(entry_point: str) -> None:
    wrong = [text for key, ours, text in differences(entry_point) if key not in DIFFERENT or ours != DIFFERENT[key][0]]
    assert not wrong, "\n".join(wrong)


def test_every_entry_point_has_its_modules() -> None:
    assert SPECIFICATIONS.keys() == ENTRY_POINTS.keys() == ROLE_ONLY.keys()
    for entry_point, variables in ROLE_ONLY.items():
        assert variables.keys() <= SPECIFICATIONS[entry_point].keys(), entry_point


def test_what_differs_on_purpose_does_differ() -> None:
    assert DIFFERENT.keys() == {key for name in ENTRY_POINTS for key, *_rest in differences(name)} & DIFFERENT.keys()


def test_the_defaults_are_those_of_the_argument_specs() -> None:
    defaults = read("defaults/main.yml")
    wrong = [
        f"defaults/main.yml, {name}: {defaults.get(name, 'missing')!r}, of argument_specs.yml {option.get('default')!r}"
        for name, option in SPECIFIED.items()
        if name not in defaults or defaults[name] != option.get("default")
    ]
    assert not wrong, "\n".join(wrong)
    assert defaults.keys() ^ SPECIFIED.keys() == set()


def test_the_readme_has_every_variable_as_it_is() -> None:
    wrong = [
        f"README.md, {name}: {(ROWS[name]['type'], ROWS[name]['default'])}, of argument_specs.yml {printed(option)}"
        for name, option in SPECIFIED.items()
        if name in ROWS and (ROWS[name]["type"], ROWS[name]["default"]) != printed(option)
    ]
    assert not wrong, "\n".join(wrong)
    assert ROWS.keys() ^ SPECIFIED.keys() == set()


def printed(option: Mapping[str, Any]) -> tuple[str, str | None]:
    """Type and default, as the README has them."""
    kind = str(option.get("type", "str"))
    default = option.get("default")
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"list of {option['elements']}" if kind == "list" else kind, None if default is None else text


def test_the_readme_names_every_choice() -> None:
    wrong = [
        f"README.md, {name}: does not name the choice {choice} of {source.module}"
        for source in (CONNECTION, PROXY, INFO, CLEANUP)
        for option, name in source.variables().items()
        for choice in source.options[option].get("choices") or ()
        if f"`{choice}`" not in ROWS[name]["meaning"]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_variable_is_required() -> None:
    """The README has no column for it: a variable without a default may be left out."""
    assert {name for name, option in SPECIFIED.items() if option.get("required")} == set()


# ---- the tasks ----

SOURCES = {source.module: source for source in (CONNECTION, PROXY, INFO, CLEANUP)}


OWN_CONDITION = re.compile(r"(?<={{ omit if )(not )?__\w+ or ")


def line_of(variable: str) -> str:
    """How a task hands a variable on: null and empty are left out, the module has a default for them."""
    omitted = f"omit if {variable} in [none, ''] else "
    return f"{{{{ {omitted if SPECIFIED[variable].get('default') is None else ''}{variable} }}}}"


def test_a_task_hands_each_variable_to_its_option() -> None:
    """Under a condition of the role's own, where it has one."""
    wrong = []
    for file, module, arguments in TASKS:
        variables = SOURCES[module].variables() if module in SOURCES else {}
        for option in variables.keys() & arguments.keys() - {its for of, its in OWN_LINES if of == module}:
            line = OWN_CONDITION.sub("", " ".join(str(arguments[option]).split()))
            if line != line_of(variables[option]):
                wrong.append(f"{file}, {option}: is {line}, of {module} {line_of(variables[option])}")
    assert not wrong, "\n".join(wrong)


def test_a_task_hands_on_all_that_has_a_variable() -> None:
    """But those that delete something, which need only what names it."""
    asked = []
    for file, module, arguments in TASKS:
        if module in SOURCES and arguments.get("state") != "absent":
            asked.append(module)
            missing = SOURCES[module].variables().keys() - arguments.keys()
            assert missing == set(), f"{file}, {module}"
    assert sorted(asked) == sorted(SOURCES)


def test_no_task_has_other_lines() -> None:
    for file, module, arguments in TASKS:
        if module in SOURCES:
            own = {option for its, option in OWN_LINES if its == module}
            other = arguments.keys() - SOURCES[module].variables().keys() - own
            assert other == set(), f"{file}, {module}"


def test_the_options_of_the_aws_connection_reach_every_task() -> None:
    """By module_defaults, see vars/main.yml."""
    lines = {option: f"{{{{ {variable} }}}}" for option, variable in AWS.variables().items()}
    assert read("vars/main.yml")["__connect_lambda_rds_aws_options"] == lines
