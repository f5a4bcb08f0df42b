"""What columns and rows are about: every family has axes, and the codes say what the index says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cases import case, line, one_item

from equipoise import demo
from equipoise.engine.compile import compile_model
from equipoise.engine.meaning import Meaning, has_components, meaning_of
from equipoise.model import build, features
from equipoise.model.labels import FAMILY_AXES, Labels


def made(given: Any) -> tuple[Any, Any, Meaning]:
    b = build(given)
    compiled = compile_model(b.model)
    labels = Labels(b)
    return b, compiled, meaning_of(compiled.columns, compiled.rows, labels.column, labels.row, labels.periods)


def test_every_family_has_axes() -> None:
    families = {family.__name__ for feature in features.FEATURES for family in feature.FAMILIES} | {"balance"}
    assert families == set(FAMILY_AXES)


def test_codes_of_the_demo_company_say_what_the_indices_say() -> None:
    b, compiled, meaning = made(demo.company())
    recipes = b.inputs.recipes
    book: dict[tuple[str, int], set[str]] = {}
    for entries, codes in ((compiled.columns, meaning.columns), (compiled.rows, meaning.rows)):
        for n, (kind, index) in enumerate(entries):
            assert codes.kinds[codes.kind[n]] == kind
            axes = b.axes[kind] if codes is meaning.columns else FAMILY_AXES[kind]
            said = dict(zip(axes, index if isinstance(index, tuple) else (index,), strict=True))
            if "recipe" in said:
                said |= {"item": recipes[said["recipe"]]["item"], "site": recipes[said["recipe"]]["site"]}
            for axis in ("item", "site"):
                if axis in said and not (axis == "site" and "destination" in said):
                    book.setdefault((axis, int(getattr(codes, axis)[n])), set()).add(said[axis])
            if "period" in said:
                assert codes.period[n] == b.case.periods.index.get(said["period"], 0)  # "opening": 0
    assert all(len(names) == 1 for names in book.values())
    assert (("item", -1) in book) is False


@pytest.mark.parametrize("hours", [0.0, 2.0])
def test_a_recipe_stands_at_the_resource_that_it_keeps_busy(hours: float) -> None:
    tables = one_item(3, 4, **line(hours, capacity=20), recipes={"setup_cost": 1})
    _, _, meaning = made(case(**tables))
    setups = meaning.columns.of_kind("setup")
    capacity = meaning.rows.of_kind("capacity")
    assert len(setups) == 2 and set(meaning.columns.period[setups]) == {0, 1}
    if hours:
        assert set(meaning.columns.resource[setups]) == set(meaning.rows.resource[capacity]) == {0}
    assert list(meaning.columns.of_kind("no such variable")) == []


def test_codes_survive_the_way_to_a_child() -> None:
    _, _, meaning = made(case(**one_item(3, 4)))
    again = Meaning.of(meaning.words(), meaning.arrays())
    assert again.periods == 2 and again.columns.kinds == meaning.columns.kinds
    for name in ("kind", "item", "site", "resource", "period"):
        assert np.array_equal(getattr(again.rows, name), getattr(meaning.rows, name))


def test_items_made_from_items_are_seen() -> None:
    _, compiled, meaning = made(case(**one_item(3, 4)))
    assert not has_components(compiled.matrix, meaning)
    tables = one_item(
        3, 4, components={"recipe": "mA", "component": "B", "quantity": 2}, supply={"supplier": "S", "item": "B"}
    )
    tables["items"] = {"item": ["A", "B"], "holding_cost": [1, 1]}
    _, compiled, meaning = made(case(**tables))
    assert has_components(compiled.matrix, meaning)
