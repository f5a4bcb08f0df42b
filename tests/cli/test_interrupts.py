"""Ctrl-C and requests to terminate: what they end, what they never lose, and what is said."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from cases import case, one_item
from click.testing import CliRunner, Result

from equipoise.cli import main
from equipoise.engine.matrix import Progress
from equipoise.interrupt import Interrupts
from equipoise.io import write_case
from equipoise.live import LiveLine
from equipoise.plan import AuditReport, Finding

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
NOTHING = "Interrupted: nothing was written.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_case(case(**one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500})), Path("case.xlsx"))
    return tmp_path


@pytest.fixture
def signalled(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Raises a signal so many times at the beginning of a function, given by its dotted name."""

    def patch(name: str, number: signal.Signals, times: int = 1) -> None:
        module, _, function = name.rpartition(".")
        real = getattr(sys.modules[module], function)

        def wrapped(*args: object, **named: object) -> object:
            for _ in range(times):
                signal.raise_signal(number)
            return real(*args, **named)

        monkeypatch.setattr(name, wrapped)

    for name in ("equipoise.solve", "equipoise.diagnose", "equipoise.io.save", "equipoise.io.plancsv", "equipoise.app"):
        __import__(name)
    return patch


def plan(*words: str) -> Result:
    """The result of ``equipoise plan case.xlsx words...``, after which the handlers of signals are as before."""
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    result = CliRunner().invoke(main, ["plan", "case.xlsx", *words])
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before
    assert "Aborted" not in result.stderr
    return result


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@SIGNALS
@pytest.mark.parametrize("step", ["equipoise.app.load", "equipoise.app.target_of", "equipoise.solve.prepare"])
def test_before_a_solve_begins_the_first_one_ends_with_130(folder, signalled, step, number):
    signalled(step, number)
    result = plan()
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", NOTHING)
    assert names(folder) == ["case.xlsx"]


@SIGNALS
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "step",
    ["equipoise.solve.run", "equipoise.app.audit_tables", "equipoise.app.write_result", "equipoise.io.save._flush"],
)  # fmt: skip
def test_from_then_on_two_lose_nothing(folder, signalled, capfd, step, number, times):
    signalled(step, number, times)
    result = plan()
    assert result.exit_code == 130
    said = capfd.readouterr().err
    assert said.count("Interrupted: the best plan found so far is checked and written") == 1
    assert said.count("Interrupted again") == times - 1
    if step == "equipoise.solve.run":  # no plan was known yet: the solve ends with what it has found until then
        assert names(folder) in (["case.xlsx"], ["case-plan.xlsx", "case.xlsx"])
        return
    assert "Proven optimal. Cost 1,380.00" in result.stdout
    assert "Audit: passed" in result.stdout
    assert names(folder) == ["case-plan.xlsx", "case.xlsx"]
    assert openpyxl.load_workbook("case-plan.xlsx").sheetnames[0] == "Summary"


@SIGNALS
@pytest.mark.parametrize("target", ["case-plan.xlsx", "plan"])
def test_the_third_one_breaks_off_and_leaves_no_half_result(folder, signalled, number, target):
    signalled("equipoise.io.save._flush", number, 3)
    result = plan("-o", target)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", NOTHING)
    assert names(folder) == ["case.xlsx"]


def test_a_folder_of_an_earlier_plan_is_left_as_it_was(folder, signalled):
    assert plan("-o", "plan").exit_code == 0
    before = {p.name: p.read_bytes() for p in Path("plan").iterdir()}
    signalled("equipoise.io.save._flush", signal.SIGINT, 3)
    assert plan("-o", "plan", "--set", "integer_periods=0").exit_code == 130
    assert {p.name: p.read_bytes() for p in Path("plan").iterdir()} == before


def test_what_lies_in_the_end_is_said(folder, signalled):
    signalled("equipoise.app.summary", signal.SIGINT, 3)
    result = plan()
    assert (result.exit_code, result.stderr) == (
        130, "Interrupted: not all was said. The plan is in case-plan.xlsx\n",
    )  # fmt: skip


def test_other_commands_end_with_130_too(folder, signalled):
    signalled("equipoise.app.check", signal.SIGINT)
    result = CliRunner().invoke(main, ["check", "case.xlsx"])
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", NOTHING)


def test_a_broken_rule_says_more_than_an_interrupt(folder, signalled, monkeypatch):
    finding = Finding("balance", "stock", 1.0, "units", "is not kept")
    monkeypatch.setattr("equipoise.app.audit_tables", lambda *a: AuditReport((finding,), {}))
    signalled("equipoise.app.audit_tables", signal.SIGINT)
    assert plan().exit_code == 7
    assert names(folder) == ["case.xlsx"]


def test_an_infeasible_case_stays_one(folder, signalled):
    """The explanation may be shorter for it."""
    line = {
        "resources": {"resource": "L", "capacity": 100},
        "operations": {"recipe": "mA", "resource": "L", "hours": 1},
    }
    write_case(case(**one_item(90, 120, **line)), Path("case.xlsx"))
    signalled("equipoise.diagnose.explain", signal.SIGINT, 2)
    result = plan()
    assert result.exit_code == 4
    assert "No plan is possible" in result.stdout
    assert names(folder) == ["case-plan.xlsx", "case.xlsx"]


@SIGNALS
def test_twice_while_it_solves_with_a_plan_known(folder, monkeypatch, number):
    raised = []

    def hear(_: LiveLine, progress: Progress) -> None:
        if progress.objective is not None and not raised:
            raised.append(number)
            signal.raise_signal(number)
            signal.raise_signal(number)

    monkeypatch.setattr(LiveLine, "show", hear)
    result = plan()
    assert raised
    assert result.exit_code == 130
    assert "Audit: passed" in result.stdout
    assert names(folder) == ["case-plan.xlsx", "case.xlsx"]


def ends_plainly(hook, folder):
    """A process of its own plans a case with a ``Hook`` in its imports, which interrupts it: one sentence, nothing written."""
    run = "sys.meta_path.insert(0, Hook())\nsys.argv[1:] = ['plan', 'case.xlsx']\nfrom equipoise.__main__ import main\nmain()\n"
    done = subprocess.run([sys.executable, "-c", hook + run], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", NOTHING)
    assert names(folder) == ["case.xlsx"]


@SIGNALS
@pytest.mark.parametrize("module", ["pandas", "equipoise.cli", "equipoise.solve"])
def test_while_modules_are_loaded_it_ends_without_a_traceback(folder, number, module):
    """As a process of its own, told to end when the module is looked for."""
    script = f"""
import signal, sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == "{module}":
            signal.raise_signal({int(number)})
"""
    ends_plainly(script, folder)


def test_in_a_callback_that_lets_no_exception_out_it_ends_all_the_same(folder):
    script = f"""
import signal, sys, weakref
class Thing:
    pass
things = [Thing()]
told = weakref.ref(things[0], lambda _: signal.raise_signal({int(signal.SIGINT)}))
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == "equipoise.solve":
            things.clear()
"""
    ends_plainly(script, folder)


def test_an_interrupt_that_was_swallowed_is_heard_before_a_solve_begins():
    with Interrupts(at_stake=False) as outer:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), Interrupts():
            pytest.fail("begun")
        assert outer.broken_off


def test_who_joins_in_hears_what_the_outer_one_hears():
    with Interrupts(at_stake=False) as outer:
        with Interrupts() as inner:
            signal.raise_signal(signal.SIGTERM)
            assert inner.asked()
            assert outer.asked()
        with Interrupts() as later:
            assert later.asked()
            signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert later.broken_off
