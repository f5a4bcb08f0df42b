"""Switches, needs and names of the model."""

from __future__ import annotations

import pytest
from cases import case, line, one_item

from equipoise.engine.compile import compile_model
from equipoise.errors import ModelError
from equipoise.model import build

SETUPS = one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500})


def test_a_feature_is_on_when_its_data_are_there():
    assert "setups" in build(case(**SETUPS)).on
    assert "setups" not in build(case(**one_item(90, 120))).on


def test_a_feature_can_be_switched_off():
    b = build(case(**SETUPS), {"setups": "off"})
    assert "setup" not in b.vars
    assert b.model.component("make_needs_setup") is None


def test_a_feature_without_data_cannot_be_switched_on():
    with pytest.raises(ModelError, match=r"crews is switched on but none of crews holds a value"):
        build(case(**SETUPS), {"crews": "on"})


def test_unknown_features_are_refused():
    with pytest.raises(ModelError, match="no feature is called set_ups"):
        build(case(**SETUPS), {"set_ups": "off"})


def test_a_feature_needs_what_it_reads():
    with pytest.raises(ModelError, match="setups needs production, which is off"):
        build(case(**SETUPS), {"production": "off"})


def test_reading_without_need_is_refused():
    b = build(case(**SETUPS))
    b.enter("demand", ())
    with pytest.raises(ModelError, match='demand reads "make" of production without naming production in its NEEDS'):
        _ = b.m.make
    with pytest.raises(ModelError, match='no feature has a variable "making"'):
        _ = b.m.making


def test_the_same_rows_come_whatever_the_order_of_the_workbook():
    tables = one_item(5, 20, **line(capacity=15))
    turned = {**tables, "demand": {"item": "A", "period": ["2", "1"], "quantity": [20, 5]}}
    one, other = (compile_model(build(case(**t)).model) for t in (tables, turned))
    assert one.rows == other.rows
    assert one.columns == other.columns
    assert (one.matrix.value == other.matrix.value).all()
