"""Every benchmark runs at its smallest size and prints its table; the figures themselves are never asserted."""

from __future__ import annotations

import pytest

from benchmarks.instances import shared_lines
from benchmarks.measure import exponent, spread, verdict
from benchmarks.registry import BENCHMARKS


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_runs(name: str) -> None:
    lines = BENCHMARKS[name].run(small=True).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) >= 4
    assert len({line.count("|") for line in table}) == 1
    assert BENCHMARKS[name].TITLE


def test_the_same_numbers_give_the_same_instance() -> None:
    assert shared_lines(5, 4).fingerprint == shared_lines(5, 4).fingerprint
    assert shared_lines(5, 4, seed=2).fingerprint != shared_lines(5, 4).fingerprint


def test_growth_exponents_and_words() -> None:
    assert exponent([10, 100, 1000], [2, 20, 200]) == pytest.approx(1.0)
    assert exponent([10, 100], [3, 300]) == pytest.approx(2.0)
    assert spread([3.0, 1.0, 2.0]) == "2.00 (1.00-3.00)"
    assert verdict(0.2, 0.25) == "required at most 0.25: met"
    assert verdict(0.3, 0.25).endswith("NOT MET")
