"""The documentation names everything a user can type, links work, and nothing private is in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from equipoise import app, cli, codes, demo
from equipoise.audit import RULES
from equipoise.model import FEATURES
from equipoise.model.features import name_of
from equipoise.plan import COST_LINES, PLAN_TABLES, Plan
from equipoise.report.kpis import KPIS
from equipoise.tables import LATER, SETTINGS, TABLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *(p for p in sorted(DOCS.rglob("*.md")) if "_build" not in p.parts),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")),
]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def marked(names: list[str], text: str) -> list[str]:
    """The names that do not stand in the page as code."""
    return [name for name in names if f"`{name}`" not in text]


def test_generated_pages_are_not_stale() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    import generate

    monkeypatch.setattr(generate, "DOCS", tmp_path)
    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "reference" / "tables.md").write_text("old", encoding="utf-8")
    assert generate.main(["--check"]) == 1


def test_every_table_and_column_has_its_line() -> None:
    text = page("reference/tables.md")
    assert marked(list(LATER), text) == []
    for table in TABLES.values():
        assert f"### {table.name}\n" in text
        section = text.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
        assert marked([c.name for c in table.columns if c.built], section) == [], table.name
        assert marked([f"{table.name}.{c.name}" for c in table.columns if not c.built], text) == []


def test_every_setting_has_its_line() -> None:
    assert marked([s.name for s in SETTINGS], page("reference/settings.md")) == []


def test_every_command_and_option_has_its_line() -> None:
    text = page("reference/cli.md")
    assert isinstance(cli.main, click.Group)
    for name, command in cli.main.commands.items():
        section = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        options = [option for p in command.params if isinstance(p, click.Option) for option in p.opts]
        assert [o for o in options if o not in section] == [], name
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.main.commands if f"equipoise {name}" not in readme] == []


def test_every_plan_table_cost_line_and_kpi_has_its_line() -> None:
    text = page("reference/plan.md")
    assert marked([k.name for k in KPIS], text) == []
    assert marked(list(COST_LINES), text) == []
    for table in PLAN_TABLES.values():
        section = text.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
        assert marked([c.name for c in table.columns], section) == [], table.name


def test_every_key_of_the_json_object_has_its_line() -> None:
    assert marked(list(app.as_json(Plan(demo.company(), "unknown"))), page("reference/plan.md")) == []


def test_every_exit_code_has_its_line() -> None:
    text = page("reference/cli.md").partition("## Exit codes")[2]
    assert [c for c in cli.EXIT.values() if f"| {c} |" not in text] == []


def test_every_feature_and_family_has_its_section() -> None:
    text = page("model/formulation.md")
    for feature in FEATURES:
        assert f"## {name_of(feature)}\n" in text
        for family in feature.FAMILIES:
            assert f"### {family.__name__}\n" in text


def test_every_issue_code_has_its_line() -> None:
    assert marked(list(codes.CODES), page("reference/issues.md")) == []


def test_every_audit_rule_has_its_line() -> None:
    text = page("reference/audit.md")
    assert [rule for rule in RULES if f"### {rule}\n" not in text] == []


def test_every_decision_record_is_in_the_index() -> None:
    index = page("develop/decisions/index.md")
    assert [p.name for p in (DOCS / "develop" / "decisions").glob("0*.md") if f"]({p.name})" not in index] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http:", "https:", "#")):
            assert (path.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_say_nothing_of_machines_and_do_not_praise(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    paths = re.findall(r"(?<![\w.`])/(?:home|root|work|tmp|Users|opt|mnt)/\S*|[A-Z]:\\Users", text)
    praise = re.findall(
        r"(?i)\b(?:powerful|seamless\w*|cutting-edge|state-of-the-art|world-class|effortless\w*|blazing\w*|revolutionary)\b",
        text,
    )
    assert paths + praise == []
