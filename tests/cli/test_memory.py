"""Too little memory: a sentence that says for what and what helps, and an exit code; never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest
from cases import case, one_item
from click.testing import CliRunner

from equipoise.cli import EXIT, main
from equipoise.io import write_case


def run_out(*_: Any, **__: Any) -> NoReturn:
    raise MemoryError


@pytest.mark.parametrize(
    ("place", "words", "why"),
    [
        ("equipoise.io.reading.read_tables", "for reading case.xlsx. Close other programs", "stopped without a plan"),
        ("equipoise.case.checks.check", "for reading case.xlsx. Close other programs", "stopped without a plan"),
        ("equipoise.solve.build", "for building the model of 1 items over 2 periods", "stopped without a plan"),
        ("equipoise.solve.run", "for solving the model", "stopped without a plan"),
        ("equipoise.solve.plan_tables", "reading out and auditing the plan, which was found", "stopped without a plan"),
        ("equipoise.app.summary", "not enough memory for working", "stopped without a plan"),
        ("equipoise.io.planbook.write_results", "The plan was found, but there is not enough memory", "not written"),
    ],
)
def test_a_sentence_says_what_memory_was_lacking_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, words: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(case(**one_item(4, 5)), "case.xlsx")
    monkeypatch.setattr(place, run_out)
    done = CliRunner().invoke(main, ["plan", "case.xlsx"])
    assert done.exit_code == EXIT[why], (done.output, done.exception)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_c_code_that_fails_without_a_word_ran_out_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise SystemError("error return without exception set")

    monkeypatch.chdir(tmp_path)
    write_case(case(**one_item(4, 5)), "case.xlsx")
    monkeypatch.setattr("equipoise.io.planbook.write_results", fail)
    done = CliRunner().invoke(main, ["plan", "case.xlsx"])
    assert done.exit_code == EXIT["not written"]
    assert "CSV files instead" in done.stderr
    assert "The plan is not lost: it is in" in done.stderr
    assert list(tmp_path.glob("case-plan-rescued-*/*.csv"))
