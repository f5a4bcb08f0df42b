"""The summary of a plan as text: what is reached, what is proven, where the money goes, what is short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from equipoise.io import planwords as words
from equipoise.io.planfacts import Facts, rows
from equipoise.plan import COST_LINES, Plan
from equipoise.report.kpis import Kpi

MAIN_KPIS = (
    "volume_fill_rate",
    "value_fill_rate",
    "eventual_fill",
    "lost_share",
    "period_service",
    "average_lateness",
    "average_stock_value",
    "average_stock_quantity",
    "stock_turns",
    "safety_coverage",
    "utilisation",
    "setup_share",
    "bottleneck_periods",
    "crew_utilisation",
    "revenue",
    "contribution",
)
MOST_SHORT = 5
MOST_WARNINGS = 10
WIDTH = 100
"""Characters of a line, where names allow it."""


def summary(plan: Plan, kpis: Sequence[Kpi], path: object = None) -> str:
    """The summary a planner reads in a terminal; ``path`` says where the plan workbook, or the folder of its tables, lies."""
    blocks = [
        [words.case_title(plan), words.scope_line(plan)],
        [f"{words.status_title(plan)}. {words.proof_line(plan)}"],
        _audit(plan),
        _costs(plan),
        _main_kpis(kpis),
        _short(plan),
        _listed("What collides", [str(c) for c in plan.conflicts]),
        _listed("Warnings", _warnings(plan)),
        [f"{_kind(path)}: {path}"] if path else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _kind(path: object) -> str:
    return "Plan workbook" if PurePath(str(path)).suffix else "Folder of plan tables"


def _warnings(plan: Plan) -> list[str]:
    """Warnings of the plan, then those of the data."""
    return [*plan.warnings, *(str(i).removeprefix("warning ") for i in plan.case.issues if i.severity == "warning")]


def _audit(plan: Plan) -> list[str]:
    if plan.audit is None or not plan.has_plan:
        return []
    if plan.audit.passed:
        cells = sum(count for count, _, _ in plan.audit.checks.values())
        return [f"Audit: passed, {len(plan.audit.checks)} rules on {cells:,} rows."]
    found = [f"{f.rule}, {f.where}: {f.message}" for f in plan.audit.findings]
    return _listed("AUDIT FAILED: this is not a plan to work with", found)


def _costs(plan: Plan) -> list[str]:
    """Cost lines by kind with a sum each, and the objective under them."""
    found = words.sections(plan)
    if plan.objective is None or not found:
        return []
    table: list[tuple[str, str, float | None]] = []
    for kind, lines in found.items():
        table += [(f"  {words.line_title(line)}", COST_LINES[line][1], amount) for line, amount in lines]
        if len(lines) > 1 or len(found) > 1:
            table.append((words.SECTION_TITLES[kind], "", sum(amount for _, amount in lines)))
    table.append((words.objective_word(plan), "", plan.objective))
    name = max(len(n) for n, _, _ in table) + 2
    meaning = max(len(m) for _, m, _ in table) + 2
    amounts = [words.money(a) if a is not None else "" for _, _, a in table]
    unit = plan.case.settings.currency or "amount"
    width = max(len(unit), *(len(a) for a in amounts))
    head = f"{'Cost lines':<{name + meaning}}{unit:>{width}}"
    body = [f"{n:<{name}}{m:<{meaning}}{a:>{width}}" for (n, m, _), a in zip(table, amounts, strict=True)]
    return [head, *body]


def shown(kpi: Kpi) -> str:
    """The value of a KPI with its unit; n/a where it has none."""
    if kpi.value is None:
        return "n/a"
    size = abs(kpi.value)
    if kpi.unit == "share":
        return f"{kpi.value * 100:,.{2 if 0 < size < 0.01 or 0.99 < size < 1 else 1}f} %"
    digits = 0 if size.is_integer() or size >= 10_000 else 1 if size >= 100 else 2 if size >= 0.01 else 4
    return f"{kpi.value:,.{digits}f} {kpi.unit}"


def _main_kpis(kpis: Iterable[Kpi]) -> list[str]:
    by_name = {k.name: k for k in kpis if k.value is not None}
    main = [by_name[n] for n in MAIN_KPIS if n in by_name]
    if not main:
        return []
    name = max(len(k.title) for k in main) + 4
    width = max(len(shown(k)) for k in main)
    return ["Key figures", *(f"  {k.title:<{name}}{shown(k):>{width}}" for k in main)]


def _short(plan: Plan) -> list[str]:
    """The item, site and customer with the most unserved demand, dearest first."""
    facts = Facts(plan.case)
    cost: dict[tuple[str, str, str], float] = defaultdict(float)
    lost: dict[tuple[str, str, str], float] = defaultdict(float)
    late: dict[tuple[str, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for r in rows(plan, "short"):
        key = (r["item"], r["site"] or "", r["customer"])
        demand = (r["item"], r["site"], r["customer"], r["due"])
        cost[key] += (r["lost"] or 0.0) * facts.lost_cost(*demand)
        cost[key] += (r["late"] or 0.0) * (facts.of_demand("late_cost", *demand) or 0.0)
        lost[key] += r["lost"] or 0.0
        if r["late"]:
            late[key][r["period"]] += r["late"]
    worst = sorted(cost, key=lambda k: (-cost[k], -lost[k], k))
    if not worst:
        return ["Nothing is short."] if plan.has_plan and facts.demand else []
    lines = [_short_line(k, lost[k], late[k], cost[k], facts, plan) for k in worst[:MOST_SHORT]]
    more = f", the first {MOST_SHORT}" if len(worst) > MOST_SHORT else ""
    return [f"Short: {len(worst)} of {len({k[:3] for k in facts.demand})} item, site and customer{more}", *lines]


def _short_line(
    key: tuple[str, str, str], lost: float, late: Mapping[str, float], cost: float, facts: Facts, plan: Plan
) -> str:
    place = ", ".join(part for part in key if part)
    unit = f" {facts.unit(key[0])}".rstrip()
    said = [f"{lost:,.6g}{unit} lost"] if lost else []
    if late:
        ends = "1 period" if len(late) == 1 else f"{len(late)} periods"
        most = "" if len(late) == 1 else "up to "
        said.append(f"{most}{max(late.values()):,.6g}{unit} late at the end of {ends}")
    price = f" ({words.money(cost, plan.case.settings.currency)})" if cost else ""
    return f"  {place}: {' and '.join(said)}{price}"


def _listed(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - MOST_WARNINGS} more"] if len(lines) > MOST_WARNINGS else []
    return [title, *(f"  {line}" for line in lines[:MOST_WARNINGS]), *more]
