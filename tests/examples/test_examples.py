"""Every example is what its definition says, and reaches its figure through the command line."""

from __future__ import annotations

import importlib
import json
import math
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from reads import parsed_here  # noqa: F401

from equipoise.cli import main
from equipoise.examples import expected, names, path, readme, title
from equipoise.io import read_case

ROOT = Path(__file__).resolve().parents[2]
DEFINED = [name for name in names() if name != "demo"]  # the demo company has a generator and tests of its own


@pytest.fixture(scope="module")
def made():
    """The module that makes the examples."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        return importlib.import_module("make_examples")
    finally:
        sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def definitions(made):
    return {example.name: example for example in made.EXAMPLES}


def test_every_definition_has_its_folder_and_no_more(definitions):
    assert sorted(definitions) == DEFINED


def test_twenty_two_published_cases_are_stated_and_ten_wait(made):
    assert len({e.published for e in made.EXAMPLES if e.published}) == 22
    assert len(made.WAITING) == 10


@pytest.mark.usefixtures("parsed_here")
@pytest.mark.parametrize("name", DEFINED)
def test_the_files_are_what_the_definition_makes(name, definitions):
    example = definitions[name]
    assert read_case(path(name)).fingerprint == example.case().fingerprint
    assert readme(name) == example.readme()
    assert path(name).with_name("expected.json").read_text(encoding="utf-8") == example.expected()


@pytest.mark.parametrize("name", DEFINED)
def test_the_answer_shown_is_complete(name, definitions):
    example = definitions[name]
    answer = expected(name)
    assert {"objective", "tolerance", "sense", "source", "note"} <= set(answer)
    assert title(name) == example.title
    lines = answer.get("cost_lines")
    assert lines is None or math.isclose(sum(lines.values()), answer["objective"], rel_tol=1e-9)
    assert example.published or (example.derivation and lines)


def test_the_page_lists_them(made):
    committed = (ROOT / "docs" / "reference" / "examples.md").read_text(encoding="utf-8")
    assert committed == made.page()


def test_the_best_plan_of_the_demo_company_is_not_known():
    assert "demo" in names()
    assert expected("demo") is None


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match='no example "nosuch"; the examples are ampl_steelT3, '):
        path("nosuch")


@pytest.mark.parametrize("name", DEFINED)
def test_planned_through_the_command_line_it_reaches_its_figure(name, tmp_path):
    answer = expected(name)
    result = CliRunner().invoke(main, ["plan", str(path(name)), "-o", str(tmp_path / "plan.xlsx"), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["status"] == "optimal"
    assert math.isclose(found["objective"], answer["objective"], rel_tol=answer["tolerance"])
    assert math.isclose(sum(found["cost_lines"].values()), found["objective"], rel_tol=1e-9)
    assert found["audit"]["passed"]
    assert Path(found["plan"]) == tmp_path / "plan.xlsx"
    lines = {line: amount for line, amount in found["cost_lines"].items() if abs(amount) > 1e-9}
    if "cost_lines" in answer:
        assert lines == pytest.approx(answer["cost_lines"], rel=1e-6)
    if answer["sense"] == "profit":
        assert lines["revenue"] > found["objective"] > 0
