"""The command line: a translation of app.py, nothing more. Exit codes are listed in EXIT.

From the moment a solve begins two interrupts do no harm: the best plan so far is audited and written. See interrupt.py.
"""

from __future__ import annotations

import contextlib
import math
import sys
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import click

import equipoise
from equipoise import app
from equipoise.errors import DataError, Issue, ModelError, OutOfMemoryError, OutputError, SolverError
from equipoise.interrupt import EXIT_CODE, NOTHING_WRITTEN, Interrupts
from equipoise.live import LiveLine
from equipoise.plan import Plan
from equipoise.tables import MOST_SEED

EXIT = {
    "plan": 0,
    "bug": 1,
    "usage": 2,
    "input": 3,
    "infeasible": 4,
    "stopped with a plan": 5,
    "stopped without a plan": 6,
    "audit finding": 7,
    "not written": 8,
    "interrupted": EXIT_CODE,
}
SHOWN = 500  # issues printed; all are counted


class Finite(click.FloatRange):
    """A number from 0 on; "inf" and "nan" are words for no number."""

    def __init__(self) -> None:
        super().__init__(min=0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a number to work with.", param, ctx)
        return number


FILE = click.argument("file", type=click.Path(path_type=Path))


def remember_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    """Keep for the outermost group whether to speak JSON, also about errors."""
    ctx.find_root().meta["json"] = value
    return value


JSON = click.option(
    "--json", "as_json", is_flag=True, callback=remember_json, help="Print one JSON object instead of text."
)


class Group(click.Group):
    """Turns what the package raises on purpose, and an interrupt, into a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        with Interrupts(at_stake=False, aloud=True) as ctx.obj:
            try:
                return self._answer(ctx)
            except BaseException:
                if not ctx.obj.broken_off:
                    raise
                ctx.obj.close_ears()
            end(ctx.meta.get("broken off", NOTHING_WRITTEN), "interrupted")

    def _answer(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DataError as error:
            if ctx.meta.get("json"):
                say(str(app.Text(app.refusal_json(error.issues))))
            show_issues(error.issues)
            sys.exit(EXIT["input"])
        except OutputError as error:
            stop(str(error), "not written")
        except OSError as error:
            stop(str(error), "not written")
        except MemoryError:
            stop(str(OutOfMemoryError()), "stopped without a plan")
        except (ModelError, SolverError) as error:
            stop(str(error), "stopped without a plan" if isinstance(error, SolverError) else "input")


def say(text: str) -> None:
    """Print on standard output. Raises OutputError where that takes no text (a full disk, a closed pipe)."""
    try:
        click.echo(text)
    except OSError as error:
        sys.stdout = StringIO()  # what cannot take text is not flushed again at the end
        raise OutputError(f"not-printed: standard output takes no text ({error.strerror or error}).") from error


def stop(message: str, why: str) -> NoReturn:
    end(f"Error: {message}", why)


def end(words: str, why: str) -> NoReturn:
    """Last words on the error stream, if it takes any, and the exit code."""
    with contextlib.suppress(OSError):
        click.echo(words, err=True)
    sys.exit(EXIT[why])


def show_issues(issues: tuple[Issue, ...]) -> None:
    """At most SHOWN issues, errors first, and how many there are."""
    order = {"error": 0, "warning": 1, "note": 2}
    ordered = sorted(issues, key=lambda issue: order[issue.severity])
    for issue in ordered[:SHOWN]:
        click.echo(str(issue), err=True)
    if len(ordered) > SHOWN:
        click.echo(f"... and {len(ordered) - SHOWN} more", err=True)
    click.echo(counted(issues), err=True)


def counted(issues: tuple[Issue, ...]) -> str:
    """'2 errors, 1 warning, 0 notes'."""
    numbers = {kind: sum(issue.severity == kind for issue in issues) for kind in ("error", "warning", "note")}
    return ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in numbers.items())


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(equipoise.__version__, prog_name="equipoise")
def main() -> None:
    """Plan production, purchases, transfers and stock at least cost, with the bound that proves it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@FILE
@click.option(
    "--for", "groups", help="Only these groups of sheets, comma-separated: production, crews, purchasing, transport."
)
@click.option("--example", help="A template filled with an example (see: equipoise examples).")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def template(file: Path, groups: str | None, example: str | None, force: bool) -> None:
    """Write a workbook to fill in."""
    words = [word.strip() for word in groups.split(",")] if groups is not None else None
    if unknown := sorted(set(words or ()) - set(app.template_groups())):
        raise click.UsageError(
            f"no group of sheets is called {', '.join(unknown)}; there are {', '.join(app.template_groups())}"
        )
    if example is not None and example not in app.examples():
        raise click.UsageError(f"no example is called {example}; see: equipoise examples")
    say(f"Written: {app.template(file, groups=words, example=example, force=force)}")


@main.command()
def examples() -> None:
    """List the examples that come with equipoise."""
    titles = app.examples()
    for name, title in titles.items():
        say(f"{name:<{max(map(len, titles))}}  {title}")


@main.command()
@FILE
@JSON
def check(file: Path, as_json: bool) -> None:
    """Report every problem of a workbook (or CSV folder) at once."""
    issues = app.check(file)
    errors = sum(issue.severity == "error" for issue in issues)
    if as_json:
        warnings = sum(issue.severity == "warning" for issue in issues)
        report = {"errors": errors, "warnings": warnings, "issues": [asdict(issue) for issue in issues]}
        say(str(app.Text({"schema_version": app.SCHEMA_VERSION, **report})))
    else:
        show_issues(issues)
    sys.exit(EXIT["input"] if errors else 0)


@main.command("plan")
@FILE
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Plan workbook to write [FILE-plan.xlsx]; without an ending, a folder of CSV files.",
)
@click.option("--write-back", is_flag=True, help="Write a copy of FILE with the result sheets added instead.")
@click.option("--time-limit", type=Finite(), metavar="S", help="Seconds after which the best plan so far is taken.")
@click.option("--gap", type=Finite(), metavar="G", help="Stop when proven within this fraction of the best.")
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes side by side; 1: the same plan on every run that the time limit does not cut short.",
)
@click.option("--seed", type=click.IntRange(0, MOST_SEED), metavar="N", help="Random seed.")
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting of the workbook; repeatable."
)
@click.option(
    "--start", type=click.Path(exists=True, path_type=Path), metavar="PLAN", help="Begin from an earlier plan workbook."
)
@click.option("--force", is_flag=True, help="Overwrite a file that is no plan of ours.")
@JSON
@click.pass_context
def plan_command(
    ctx: click.Context,
    file: Path,
    output: Path | None,
    write_back: bool,
    changes: tuple[str, ...],
    force: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Plan a workbook and write the plan workbook."""
    values = dict(pair(change) for change in changes)
    target = app.target_of(file, output, write_back, force)
    case = app.load(file)
    if values:
        case = case.with_settings(values)
    with LiveLine(case.settings.currency, quiet=as_json) as line:
        plan = app.plan(case, progress=line.show, **given)
    written = app.write_result(plan, file, target, write_back, force) if writable(plan) else app.Written(None)
    lies = f"The plan is in {written.path}" if written.path else "No plan was written."
    ctx.find_root().meta["broken off"] = f"Interrupted: not all was said. {lies}"
    try:
        say(str(app.Text(app.as_json(plan, written.path))) if as_json else app.summary(plan, written.path))
    except OutputError as error:
        stop(f"{written.trouble or f'{error} {lies}'}", "not written")
    if written.trouble:
        stop(written.trouble, "not written")
    if plan.audit is not None and not plan.audit.passed:
        stop(
            "the plan does not pass its audit and is not shown as a plan:\n" + app.audit_text(plan.audit),
            "audit finding",
        )
    sys.exit(exit_code(plan, ctx.find_root().obj.asked()))


def pair(change: str) -> tuple[str, str]:
    key, equals, value = change.partition("=")
    if not equals or not key.strip():
        raise click.UsageError(f'--set needs key=value, not "{change}"')
    return key.strip(), value.strip()


def writable(plan: Plan) -> bool:
    """A plan that fails its audit is not shown as a plan; an infeasible case gets a workbook that says why."""
    return plan.status == "infeasible" or (plan.has_plan and (plan.audit is None or plan.audit.passed))


def exit_code(plan: Plan, interrupted: bool) -> int:
    """The exit code of a plan, as listed in EXIT; ``interrupted``: by a signal, at whatever moment."""
    if plan.status in ("infeasible", "unbounded"):
        return EXIT["infeasible" if plan.status == "infeasible" else "input"]
    if plan.audit is not None and not plan.audit.passed:
        return EXIT["audit finding"]
    if interrupted or plan.interrupted:
        return EXIT["interrupted"]
    codes = {"stopped": "stopped with a plan", "unknown": "stopped without a plan"}
    return EXIT[codes.get(plan.status, "plan")]


@main.command()
@FILE
@click.argument("plan", type=click.Path(path_type=Path))
@JSON
def audit(file: Path, plan: Path, as_json: bool) -> None:
    """Check a plan workbook, also one edited by hand, against its case."""
    report = app.audit(file, plan)
    if as_json:
        say(str(app.Text(app.audit_json(report))))
    else:
        say(app.audit_text(report))
    sys.exit(0 if report.passed else EXIT["audit finding"])


@main.command()
@FILE
@click.option("--write", "target", required=True, type=click.Path(path_type=Path), help="File to write: .lp or .mps.")
def model(file: Path, target: Path) -> None:
    """Write the mathematical model of a workbook."""
    say(f"Written: {app.write_model(app.load(file), target)}")
