"""The command of the engine benchmark at its smallest size, and its sets."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from bench_samples import ONE_LEVEL, SEVERAL_LEVELS

from benchmarks.engine import sets
from benchmarks.engine.__main__ import main
from benchmarks.engine.solvers import SOLVERS
from benchmarks.measure import machine, proportional_mb


def test_the_smallest_run_prints_its_tables_and_again_from_its_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "raw" / "results.json"
    picture = ["--picture", str(tmp_path / "p.png")] if importlib.util.find_spec("matplotlib") else []
    wanted = ["shared_lines", "company", "--small", "--solvers", "equipoise,highs", "--data", str(tmp_path)]
    assert main([*wanted, "--gap", "0", "--json", str(raw), *picture]) == 0
    printed = capsys.readouterr().out
    assert "## Shared lines" in printed and "## The demo company" in printed
    rows = [line for line in printed.splitlines() if line.startswith("| ") and " | highs |" in line]
    assert len(rows) == 2
    runs = json.loads(raw.read_text(encoding="utf-8"))["runs"]
    assert {run["solver"] for run in runs} == {"equipoise", "highs"}
    assert all(run["cost"] is not None and run["asked"] == 0.0 for run in runs)
    assert all((tmp_path / "p.png").exists() for _ in picture[:1])
    pieces = [tmp_path / f"{name}.json" for name in wanted[:2]]
    for piece, name in zip(pieces, wanted, strict=False):
        piece.write_text(json.dumps({"runs": [run for run in runs if run["set"] == name]}), encoding="utf-8")
    for files in ([raw], pieces):
        assert main(["--reprint", *map(str, files)]) == 0
        assert [r for r in capsys.readouterr().out.splitlines() if " | highs |" in r] == rows


def test_what_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["nonsense"], ["--solvers", "nonsense"]):
        with pytest.raises(SystemExit):
            main(wrong)
        assert "nonsense" in capsys.readouterr().err


def test_a_solver_that_is_not_installed_is_left_out_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["sap_sop", "--small", "--solvers", "scip"]) == 0
    assert "scip is left out" in capsys.readouterr().out


@pytest.mark.parametrize("mode", ["everyday", "full", "small"])
@pytest.mark.parametrize("chosen", sets.SETS.values(), ids=lambda s: s.name)
def test_every_set_has_instances_without_the_public_files(
    chosen: sets.InstanceSet, mode: sets.Mode, tmp_path: Path
) -> None:
    entries = chosen.entries(tmp_path, mode)
    assert entries and len({entry.name for entry in entries}) == len(entries)
    assert all(entry.limit > 0 and set(entry.solvers) <= set(SOLVERS) for entry in entries)
    assert chosen.missing(tmp_path) == bool(chosen.folder)


def test_public_files_are_found_by_name(tmp_path: Path) -> None:
    for name in (
        "trigeiro/G30.DAT",
        "trigeiro/G53.DAT",
        "trigeiro/G51.DAT",
        "trigeiro/X11117A",
        "mlclsp/classbp/G512142.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ONE_LEVEL if "trigeiro" in name else SEVERAL_LEVELS, encoding="utf-8")
    names = [entry.name for entry in sets.SETS["trigeiro"].entries(tmp_path, "full")]
    assert names == [sets.UNIT_HOURS, "G30", "G53", "X11117A"]
    assert [e.name for e in sets.SETS["mlclsp"].entries(tmp_path, "everyday")] == ["classbp/G512142"]


def test_machine_and_memory() -> None:
    assert "nosuchpackage" not in machine(["nosuchpackage"]) and "numpy" in machine()
    used = proportional_mb(1 << 30)
    assert used is None
