"""Hand-worked optima of stock limits, storage and the end of the horizon."""

import pytest
from cases import line, one_item


def test_safety_stock_hard(best):
    """Proves: 3 must be left: demand 5 at unit cost 2: 8 * 2 + 3 kept -> 19. Sensitivity: 10."""
    assert best(**one_item(5, recipes={"unit_cost": 2}, stock={"item": "A", "safety": 3})).objective == pytest.approx(
        19
    )


def test_safety_stock_priced(best):
    """Proves: at 2 a unit short it is cheaper not to keep them: 10 + 3 * 2 -> 16."""
    tables = one_item(5, recipes={"unit_cost": 2}, stock={"item": "A", "safety": 3, "safety_cost": 2})
    plan = best(**tables)
    assert plan.objective == pytest.approx(16)
    assert plan.cost_lines["below_safety"] == pytest.approx(6)


def test_safety_stock_by_period(best):
    """Proves: the target of period 1 (4) goes before stock.safety (1): 4 kept, then 1: 4 + 1 at hold 1 -> 5."""
    tables = one_item(5, 5, stock={"item": "A", "safety": 1}, stock_targets={"item": "A", "period": "1", "safety": 4})
    assert best(**tables).objective == pytest.approx(5)


def test_maximum_stock_hard(best):
    """Proves: 3 may be kept: demand 2, 10 at 6 a period: 3 made ahead, 1 lost at 20 -> 3 + 20 = 23. Sensitivity: 4."""
    tables = one_item(
        2,
        10,
        settings={"shortage": "lost"},
        items={"lost_cost": 20},
        stock={"item": "A", "maximum": 3},
        **line(capacity=6),
    )
    assert best(**tables).objective == pytest.approx(23)


def test_maximum_stock_priced(best):
    """Proves: a unit above costs 5: 4 kept + 5 -> 9. Sensitivity: 4."""
    stock = {"item": "A", "maximum": 3, "maximum_cost": 5}
    tables = one_item(2, 10, settings={"shortage": "lost"}, items={"lost_cost": 20}, stock=stock, **line(capacity=6))
    assert best(**tables).objective == pytest.approx(9)


def test_maximum_stock_of_nothing(best):
    """Proves: a maximum of 0 is a limit, not a blank: nothing made ahead: 4 lost at 20 -> 80."""
    tables = one_item(
        2,
        10,
        settings={"shortage": "lost"},
        items={"lost_cost": 20},
        stock={"item": "A", "maximum": 0},
        **line(capacity=6),
    )
    assert best(**tables).objective == pytest.approx(80)


def test_final_stock_hard_and_priced(best):
    """Proves: 4 left at the end at unit cost 2: 10 + 8 + 4 kept -> 22; priced at 1 a unit -> 14. Sensitivity: 10."""
    tables = one_item(5, recipes={"unit_cost": 2}, stock={"item": "A", "final": 4})
    assert best(**tables).objective == pytest.approx(22)
    tables["stock"]["final_cost"] = 1
    assert best(**tables).objective == pytest.approx(14)


def test_final_stock_is_the_opening_where_the_settings_say_so(best):
    """Proves: opening 3 must be there again: 5 made at 2 + 3 kept -> 13; final 1 goes before: 3 made + 1 kept -> 7."""
    tables = one_item(5, settings={"end_stock": "opening"}, recipes={"unit_cost": 2}, stock={"item": "A", "opening": 3})
    assert best(**tables).objective == pytest.approx(13)
    tables["stock"]["final"] = 1
    assert best(**tables).objective == pytest.approx(7)


def test_end_value_is_a_credit(best):
    """Proves: a unit left is worth 3 (hold 1): opening 5, demand 2: 3 left: 3 - 9 -> -6; not where a final stock is set -> 3."""
    tables = one_item(
        2, settings={"end_stock": "value"}, items={"value": 3}, recipes=None, stock={"item": "A", "opening": 5}
    )
    plan = best(**tables)
    assert plan.objective == pytest.approx(-6)
    assert plan.cost_lines == pytest.approx({"holding": 3, "end_value": -9})
    tables["stock"]["final"] = 1
    assert best(**tables).objective == pytest.approx(3)


def test_holding_cost_by_period(best):
    """Proves: demand 5, 20 at 15 a period, keeping costs 7 in period 1 -> 35. Sensitivity: 5 at the item's cost."""
    tables = one_item(5, 20, stock_targets={"item": "A", "period": "1", "holding_cost": 7}, **line(capacity=15))
    assert best(**tables).objective == pytest.approx(35)


def storage(**site: object) -> dict[str, object]:
    """A (volume 2) and B (blank: 1) both want 10 in period 2 with 5 possible a period: 5 + 5 made ahead take 15 of volume."""
    return {
        "settings": {"periods": 2, "shortage": "lost"},
        "sites": {"site": "W", **site},
        "items": {"item": ["A", "B"], "holding_cost": 1, "lost_cost": [20, 15], "volume": [2, None]},
        "demand": {"item": ["A", "B"], "period": "2", "quantity": 10},
        "recipes": {"recipe": ["mA", "mB"], "item": ["A", "B"], "lot_max": 5},
    }


def test_storage_capacity_hard(best):
    """Proves: room for 11: a unit of B kept (volume 1) saves 14, of A (volume 2) 19: B 5, A 3: 8 kept + 2 lost at 20 -> 48.

    Sensitivity: no limit -> 10; every volume 1 -> 10.
    """
    assert best(**storage(storage_capacity=11)).objective == pytest.approx(48)


def test_storage_capacity_priced(best):
    """Proves: 4 of volume above at 3 each: 10 kept + 12 -> 22."""
    plan = best(**storage(storage_capacity=11, storage_cost=3))
    assert plan.objective == pytest.approx(22)
    assert plan.tables["storage"]["above"].tolist() == pytest.approx([4.0, 0.0])
