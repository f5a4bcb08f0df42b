"""The verbs. Command line and Python call these and nothing below them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.audit import audit as audit_tables
from equipoise.case import Case
from equipoise.errors import DataError, Issue, OutputError
from equipoise.plan import AuditReport, Plan

if TYPE_CHECKING:
    from equipoise.engine.matrix import Progress
    from equipoise.io.planread import ReadPlan

SCHEMA_VERSION = 1
"""Version of the object that ``plan --json`` prints; it changes when a key changes its meaning or goes."""


def load(path: str | Path) -> Case:
    """The case in a workbook (.xlsx, .xlsm) or a folder of CSV files. Raises DataError with every problem found."""
    from equipoise.io import read_case

    return read_case(Path(path))


def check(path: str | Path) -> tuple[Issue, ...]:
    """Everything there is to say about the input: errors, warnings and notes, in that order."""
    try:
        case = load(path)
        issues = (*case.issues, *_missing_limits(case))
    except DataError as error:
        issues = error.issues
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(issues, key=lambda issue: order[issue.severity]))


def _missing_limits(case: Case) -> tuple[Issue, ...]:
    from equipoise.model import missing_limits

    return missing_limits(case)


def plan(
    case: Case,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    start: Plan | str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """The best plan of a case, audited. What is not given comes from the case's settings.

    ``start`` is an earlier plan (or its workbook) to begin from; ``progress`` is called as the solve goes on. An infeasible case gives
    a plan without tables whose ``conflicts`` name the rules and cells that collide.
    """
    from equipoise.engine.parent.process import Workers

    with Workers(ahead=1) as workers:  # it loads its libraries while we load ours
        from equipoise.solve import Options, solve

        options = Options.of(case, time_limit=time_limit, gap=gap, threads=threads, seed=seed)
        if start is None or isinstance(start, Plan):
            tables = None if start is None else start.tables
        else:
            tables = read_plan_tables(Path(start), case)
        found = solve(case, options, progress, tables, audit_tables, workers)
    if found.status in ("infeasible", "unbounded"):
        from equipoise import diagnose

        explain = diagnose.explain if found.status == "infeasible" else diagnose.explain_unbounded
        found = replace(found, conflicts=explain(case, options))
    return found


def read_plan_tables(path: Path, case: Case) -> Mapping[str, Any]:
    """The tables of a plan workbook of the case (or one much like it). Raises DataError when it cannot be read."""
    return _read_plan(path, case).tables


def _read_plan(path: Path, case: Case) -> ReadPlan:
    from equipoise.io.planread import read_plan

    read = read_plan(path, case.periods)
    if any(issue.severity == "error" for issue in read.issues):
        raise DataError(read.issues)
    return read


def audit(case: Case | str | Path, plan: Plan | str | Path) -> AuditReport:
    """Every rule of the case checked on a plan, a plan workbook or one a planner edited, without model or solver."""
    case = case if isinstance(case, Case) else load(case)
    if isinstance(plan, Plan):
        return audit_tables(case, plan.tables, plan.objective)
    read = _read_plan(Path(plan), case)
    return audit_tables(case, read.tables, read.objective, read.cells)


def write(plan: Plan, path: str | Path, *, force: bool = False) -> Path:
    """Write the plan workbook and say where it went (a free name beside ``path`` when that cannot be written). Raises OutputError.

    A ``path`` without an ending is a folder: the plan's tables are written as CSV files.
    """
    if not Path(path).suffix:
        from equipoise.io.plancsv import write_plan_csv

        return write_plan_csv(plan, Path(path), force=force)
    from equipoise.io.save import check_ending, is_plan_book, save

    check_ending(Path(path))
    book = _plan_book(plan)
    return save(Path(path), lambda target: target.write_bytes(book), force=force, is_ours=is_plan_book)


def _plan_book(plan: Plan) -> bytes:
    """The plan workbook, made in memory, so that a full disk leaves no half-written archive behind."""
    from equipoise.io.planbook import write_plan_book
    from equipoise.report import kpis

    book = BytesIO()
    write_plan_book(plan, kpis(plan), book)
    return book.getvalue()


def write_back(plan: Plan, source: str | Path, target: str | Path, *, force: bool = False) -> Path:
    """A copy of the planner's own workbook with the result sheets added. Raises OutputError."""
    from equipoise.io.writeback import write_back as merge

    return merge(Path(source), _plan_book(plan), Path(target), force=force)


def target_of(source: Path, output: Path | None, into_copy: bool = False, force: bool = False) -> Path:
    """Where a plan will go: ``output``, else FILE-plan.xlsx beside the input (FILE-plan.xlsm for a copy of a macro workbook).

    Raises OutputError before anything is solved when that is the input itself, or what cannot be written: a file that is no
    plan of ours, a folder that is not there, a copy that is not safe.
    """
    from equipoise.io.plancsv import check_folder
    from equipoise.io.save import check_ending, check_target, is_plan_book
    from equipoise.io.writeback import check_copy

    ending = source.suffix.lower() if into_copy and source.suffix else ".xlsx"
    target = output or source.with_name(f"{source.name if source.is_dir() else source.stem}-plan{ending}")
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"{target} is the input; equipoise never writes over it. Choose another name.")
    if into_copy and source.exists():
        check_copy(source, target)
    elif target.suffix:
        check_ending(target)
    if target.suffix:
        check_target(target, force=force, is_ours=is_plan_book)
    else:
        check_folder(target, force=force)
    return target


@dataclass(frozen=True)
class Written:
    """Where a result lies, None where it could be written nowhere; ``trouble`` says why it is not where it was to go."""

    path: Path | None
    trouble: str = ""


def write_result(plan: Plan, source: Path, target: Path, into_copy: bool = False, force: bool = False) -> Written:
    """Write the plan workbook, or a copy of the input with the result sheets added, and say where it went.

    What cannot be written to ``target`` is kept somewhere else, see ``io.rescue``.
    """
    from equipoise.io.rescue import PLACES, rescued
    from equipoise.io.save import reason

    try:
        if into_copy and plan.has_plan:
            return Written(write_back(plan, source, target, force=force))
        if into_copy:  # why there is no plan goes into a workbook of its own, which holds no macros
            target = target.with_suffix(".xlsx")
        return Written(write(plan, target, force=force))
    except (OutputError, OSError) as error:
        why = str(error) if isinstance(error, OutputError) else reason(target, error)
        try:
            book = _plan_book(plan)
        except OutputError:  # there is not enough memory for a workbook
            book = None
        kept, result = rescued(plan, book, source), "plan" if plan.has_plan else "result"
        lost = f"The {result} could not be written {PLACES} either, and is lost."
        return Written(kept, f"{why} {lost if kept is None else f'The {result} is not lost: it is in {kept}'}")
    except Exception as bug:
        kept = rescued(plan, None, source)
        bug.add_note(f"The plan is not lost: its tables are in {kept}" if kept else "The plan could not be kept.")
        raise


def summary(plan: Plan, path: Path | None = None) -> str:
    """What a planner reads first, as text."""
    from equipoise.report import kpis
    from equipoise.report import summary as text

    return text(plan, kpis(plan), path)


def as_json(plan: Plan, path: Path | None = None) -> dict[str, Any]:
    """The object that ``plan --json`` prints; its keys are listed in docs/reference/plan.md."""
    from equipoise.report import kpis

    return {
        "schema_version": SCHEMA_VERSION,
        "status": plan.status,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "cost_lines": plan.cost_lines,
        "kpis": {kpi.name: kpi.value for kpi in kpis(plan)} if plan.has_plan else {},
        "plan": str(path) if path else None,
        "audit": None if plan.audit is None else audit_json(plan.audit),
        "conflicts": [asdict(issue) for issue in plan.conflicts],
        "warnings": [*plan.warnings, *(str(i) for i in plan.case.issues if i.severity == "warning")],
        "seconds": dict(plan.record.seconds),
        "versions": dict(plan.record.versions),
    }


def audit_text(report: AuditReport) -> str:
    """The findings of an audit, or that there are none, as text."""
    checked = sum(rows for rows, _, _ in report.checks.values())
    if report.passed:
        return f"The plan keeps every rule: {checked:,} checks of {len(report.checks)} rules, no finding."
    lines = [f"{f.rule}: {f.where}: {f.message} [{f.amount:,.6g} {f.unit}]" for f in report.findings]
    return "\n".join([*lines, f"{len(report.findings)} findings in {checked:,} checks of {len(report.checks)} rules."])


def audit_json(report: AuditReport) -> dict[str, Any]:
    """The object that ``audit --json`` prints."""
    return {
        "passed": report.passed,
        "findings": [asdict(finding) for finding in report.findings],
        "checks": {
            rule: {"rows": rows, "largest": largest, "unit": unit}
            for rule, (rows, largest, unit) in report.checks.items()
        },
    }


def template_groups() -> tuple[str, ...]:
    """The groups of sheets a template can be made of, besides the core."""
    from equipoise.tables import TABLES

    return tuple(dict.fromkeys(table.group for table in TABLES.values() if table.group != "core"))


def refusal_json(issues: tuple[Issue, ...]) -> dict[str, Any]:
    """The object that ``--json`` prints when the input has errors."""
    shown = [asdict(issue) for issue in issues]
    errors = sum(issue.severity == "error" for issue in issues)
    return {"schema_version": SCHEMA_VERSION, "status": "refused", "errors": errors, "issues": shown}


def template(
    path: str | Path, *, groups: Iterable[str] | None = None, example: str | None = None, force: bool = False
) -> Path:
    """Write the blank template (all groups of tables, or those named), or a filled one. Raises OutputError, KeyError (no such example)."""
    from equipoise.examples import path as example_path
    from equipoise.io.save import check_ending, save
    from equipoise.io.template import write_template

    check_ending(Path(path))
    case = load(example_path(example)) if example else None
    return save(Path(path), lambda target: write_template(target, groups, case), force=force, is_ours=None)


def examples() -> dict[str, str]:
    """Name -> title of every example that comes with the package."""
    from equipoise.examples import names, title

    return {name: title(name) for name in names()}


def write_model(case: Case, path: str | Path) -> Path:
    """Write the mathematical model (.lp or .mps) with names a person can read, as a minimisation. Raises OutputError."""
    from equipoise.io.save import save
    from equipoise.model import build
    from equipoise.model.files import write_file

    path = Path(path)
    if path.suffix.lower() not in (".lp", ".mps"):
        raise OutputError(f"A model is written as .lp or .mps, not {path.suffix or 'without an ending'}: {path.name}")
    b = build(case)
    return save(path, lambda target: write_file(b.model, target, path.suffix.lower()), force=True, is_ours=None)


@dataclass(frozen=True)
class Text:
    """JSON of plain values, as the command line prints it."""

    value: Any

    def __str__(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, indent=2, allow_nan=False)
