"""The catalogue of issue codes holds what the package uses, no more and no less, and every check of the tables is seen to work."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import test_limit_checks
import test_money_checks
import test_shortage_checks
import test_source_checks
from seen import ALWAYS, HEALTHY, issues

import equipoise
from equipoise.checks import CHECKS, MOST_REPEATS
from equipoise.codes import CODES, EITHER, GROUPS, codes_page

PACKAGE = Path(equipoise.__file__).parent
METHODS = {"error", "warning", "note"}  # of Report: the severity is the name
MAKERS = {"Issue", "BadCell", "RefusedError", "_bad", "_issue"}  # the code comes first; an error where nothing is said


def uses() -> Iterator[tuple[str, str, Path]]:
    """Every code that the package writes down: code, severity, file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                severity = _severity(node)
                first = node.args[0] if node.args else None
                for code in _texts(first) if severity else ():
                    yield code, severity, path


def _severity(call: ast.Call) -> str:
    """How grave the issue of a call is; '' when the call makes none."""
    function = call.func
    words = [n.value for a in call.args[1:] for n in ast.walk(a) if isinstance(n, ast.Constant)]
    words += [n.value for k in call.keywords for n in ast.walk(k.value) if isinstance(n, ast.Constant)]
    given = [word for word in words if word in ("error", "warning", "note")]
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name | ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else function.value.attr
        if owner in ("issues", "report") and function.attr in METHODS:
            return function.attr
        if owner in ("issues", "report") and function.attr == "add":
            mixed = len(set(given)) > 1 or any(isinstance(a, ast.Name) and a.id == "severity" for a in call.args)
            return EITHER if mixed else given[0] if given else "error"
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return (given[0] if given else "error") if name in MAKERS else ""


def _texts(node: ast.expr | None) -> list[str]:
    """The texts an argument can be: one, or two where it is chosen."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


USED: dict[str, dict[str, Path]] = defaultdict(dict)
for _code, _graveness, _path in uses():
    USED[_code][_graveness] = _path


def test_every_code_used_is_in_the_catalogue() -> None:
    assert sorted(set(USED) - set(CODES)) == []


def test_every_code_of_the_catalogue_is_used() -> None:
    assert sorted(set(CODES) - set(USED)) == []


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_catalogue_says_how_grave_a_code_is(code: str) -> None:
    """The severity listed is the one the package gives; 'error or warning' where it gives both."""
    given = set(USED[code])
    assert (EITHER if EITHER in given or given == {"error", "warning"} else given.pop()) == CODES[code].severity


def test_a_code_is_listed_once_and_explained() -> None:
    assert len(CODES) == sum(len(group) for _, group in GROUPS.values())
    for code, entry in CODES.items():
        assert code == code.lower() and " " not in code
        assert entry.meaning.endswith(".") and entry.action.endswith(".")


def test_the_page_has_a_row_for_every_code() -> None:
    page = codes_page()
    for code, entry in CODES.items():
        assert f"| `{code}` | {entry.severity} | {entry.meaning} | {entry.action} |\n" in page


def test_every_code_of_the_checks_has_its_test() -> None:
    modules = (test_limit_checks, test_money_checks, test_shortage_checks, test_source_checks)
    proven = {seen.line.split()[1] for module in modules for seen in module.SEEN} | {ALWAYS}
    assert sorted({code for code, where in USED.items() if _in_checks(where)} - proven) == []


def _in_checks(where: dict[str, Path]) -> bool:
    return any("checks" in path.relative_to(PACKAGE).parts for path in where.values())


def test_every_check_says_what_it_looks_for() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
    for check in CHECKS:
        assert check.__doc__ and check.__doc__.strip().splitlines()[0].endswith((".", ",", ";"))


def many(number: int) -> dict[str, object]:
    """So many recipes that nobody needs."""
    items = [*HEALTHY["items"], *({"item": f"C{n}"} for n in range(number))]
    recipes = [*HEALTHY["recipes"], *({"recipe": f"m{n}", "item": f"C{n}"} for n in range(number))]
    return {"items": items, "recipes": recipes}


def test_repeats_of_a_warning_are_counted_in_one_line() -> None:
    found = [i for i in issues(many(MOST_REPEATS + 15)) if i.code == "recipe-not-needed"]
    assert len(found) == MOST_REPEATS + 1
    assert found[-1].value == "15"
    assert found[-1].message.startswith(f"15 more like the {MOST_REPEATS} above; the next is recipes!A")
    assert len([i for i in issues(many(MOST_REPEATS)) if i.code == "recipe-not-needed"]) == MOST_REPEATS


def test_errors_are_all_reported_and_come_first() -> None:
    number = MOST_REPEATS + 15
    items = [*HEALTHY["items"], *({"item": f"C{n}", "price": 1} for n in range(number))]
    demand = [*HEALTHY["demand"], *({"item": f"C{n}", "period": "4", "quantity": 1} for n in range(number))]
    found = issues({"items": items, "demand": demand, "settings": {"shortage": "forbidden"}})
    assert [i.code for i in found[:number]] == ["no-source"] * number
    assert "error" not in {i.severity for i in found[number:]}
