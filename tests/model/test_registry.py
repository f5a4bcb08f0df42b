"""Every constraint family has its three witnesses: a formula in its docstring, an audit rule, a hand-worked optimum."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from equipoise.audit import RULES
from equipoise.model import FEATURES
from equipoise.model.books import balance
from equipoise.model.features import name_of
from equipoise.tables import SETTINGS, TABLES

FAMILIES = {family.__name__: family for feature in FEATURES for family in feature.FAMILIES} | {"balance": balance}
MATH = "\n".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parent.parent / "math").glob("test_*.py"))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_says_what_it_means(name):
    text = FAMILIES[name].__doc__
    assert re.match(r"[A-Z].*\.", text.splitlines()[0]), "the first line is a sentence"
    assert re.search(r"(<=|>=|=)[^\n]*(\n[^\n]*)?for each .*\[[a-z]+( of i)?\]", text), (
        "a formula, its index set and its unit"
    )
    assert "Price: " in text, "what its shadow price means"
    assert "Off: " in text or name == "balance", "when it is off"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_an_audit_rule(name):
    assert name in RULES


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_a_hand_worked_optimum(name):
    assert re.search(rf"def test_{name}(_\w+)?\(best\):\n    \"\"\"Proves: ", MATH)


@pytest.mark.parametrize("feature", FEATURES, ids=name_of)
def test_a_feature_declares_itself(feature):
    assert feature.__doc__.strip().endswith(".")
    assert set(feature.NEEDS) <= {name_of(other) for other in FEATURES[: FEATURES.index(feature)]}
    for source in feature.SWITCH:
        table, _, column = source.partition(".")
        if table == "settings":
            assert column.partition("=")[0] in {setting.name for setting in SETTINGS}
        else:
            assert not column or TABLES[table].column(column).built
    assert feature.variables.__doc__ or feature.variables.__module__


def test_every_built_column_is_read():
    """A column that validation accepts and no rule reads would be ignored in silence."""
    root = Path(__file__).parent.parent.parent / "equipoise"
    readers = "\n".join(
        path.read_text(encoding="utf-8") for room in ("model", "io", "report") for path in (root / room).rglob("*.py")
    )
    said = {"description", "family", "unit", "kind", "reference", "name"}  # shown, not planned with
    for table in TABLES.values():
        for column in table.columns:
            if (
                column.built
                and not column.key
                and column.name not in said
                and table.name not in ("settings", "periods")
            ):
                assert f'"{column.name}"' in readers, f"{table.name}.{column.name}"
