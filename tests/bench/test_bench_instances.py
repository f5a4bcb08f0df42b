"""Files and draws of instances, and how they are written for other solvers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bench_samples import KNAPSACK, ONE_LEVEL, SEVERAL_LEVELS
from trials import rows_of

from benchmarks.engine.instances import BACKLOG, OVERTIME, mlclsp, of_several_levels, sap_sop, shared_lines, trigeiro
from benchmarks.engine.mps import write_mps
from benchmarks.engine.numbers import SeveralLevels, draw_several_levels, draw_shared_lines, read_one_level
from benchmarks.engine.scaling import whole
from equipoise.case import Case
from equipoise.engine.compile import compile_model
from equipoise.engine.matrix import Matrix
from equipoise.model import build
from equipoise.plan import Plan
from equipoise.solve import Options, solve


def test_shared_lines_are_the_same_numbers_everywhere() -> None:
    drawn = draw_shared_lines(200, 26, 5, 1, 1.3)
    assert drawn.demand.sum() == 407_165
    assert drawn.capacity[0] == pytest.approx(4580.73)
    assert drawn.lines[:3].tolist() == [[0, 3], [0, 4], [2, 4]]
    assert drawn.store == pytest.approx(0.8 * 407_165 / 26)


def test_one_level_files(tmp_path: Path) -> None:
    path = tmp_path / "G1.DAT"
    path.write_text(ONE_LEVEL, encoding="utf-8")
    read = read_one_level(path)
    assert (read.capacity, read.hours.tolist(), read.setup_cost.tolist()) == (50.0, [0.5, 1.0], [30.0, 40.0])
    assert read.demand.tolist() == [[10.0, 20.0, 0.0], [0.0, 7.0, 8.0]]
    assert read_one_level(path, unit_hours=True).hours.tolist() == [1.0, 1.0]
    # a set-up of each item in one period at least; item 1 also carries 20 or is set up twice, item 2 carries 8
    plan = _solved(trigeiro(path))
    assert plan.objective == pytest.approx(30 + 20 * 1 + 40 + 8 * 2)


def test_one_level_files_with_blocks_of_items(tmp_path: Path) -> None:
    items, periods = 16, 2
    by_item = "\n".join("1 1 1 1" for _ in range(items))
    first = "\n".join(" ".join(str(100 * t + i) for i in range(15)) for t in range(periods))
    path = tmp_path / "G56.DAT"
    path.write_text(f"{items} {periods}\n1\n9\n{by_item}\n{first}\n15\n115\n", encoding="utf-8")
    assert read_one_level(path).demand.tolist() == [[i, 100 + i] for i in range(items)]
    path.write_text(f"{items} {periods}\n1\n9\n{by_item}\n{first}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="laid out"):
        read_one_level(path)


def test_several_level_files(tmp_path: Path) -> None:
    path = tmp_path / "SET1" / "data_01.txt"
    path.parent.mkdir()
    path.write_text(SEVERAL_LEVELS, encoding="utf-8")
    # the item twice (100), its parts once (70), 25 of them kept two periods (50); once only would be late or overtime
    late = _solved(mlclsp(path))
    assert late.objective == pytest.approx(220.0)
    dear = _solved(mlclsp(path, OVERTIME))
    assert dear.objective == pytest.approx(220.0)
    path.write_text(SEVERAL_LEVELS.replace("Demand\n", "Wanted\n"), encoding="utf-8")
    with pytest.raises(ValueError, match="no section Demand"):
        mlclsp(path)


def test_instances_of_several_levels_always_have_a_plan() -> None:
    numbers = draw_several_levels(2, 4, 2, 1)
    tight = SeveralLevels(**{**vars(numbers), "capacity": numbers.capacity * 0.3})
    for variant in (BACKLOG, OVERTIME):
        assert _solved(of_several_levels(tight, variant), 0.5).has_plan
    odd = SeveralLevels(**{**vars(numbers), "most_late": numbers.most_late[::-1]})
    with pytest.raises(ValueError, match="changes before the end"):
        of_several_levels(odd, BACKLOG)
    circle = SeveralLevels(**{**vars(numbers), "parts": ((0, 1, 1.0), (1, 0, 1.0))})
    with pytest.raises(ValueError, match="circle"):
        circle.needed()


def test_a_matrix_survives_its_mps_file(tmp_path: Path) -> None:
    path = tmp_path / "m.mps"
    matrix = compile_model(build(shared_lines(3, 3, 2)).model).matrix
    for m in (matrix, KNAPSACK):
        write_mps(m, path)
        read = sap_sop(path)
        assert (read.integer == m.integer).all() and (read.start == m.start).all()
        for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
            assert getattr(read, name) == pytest.approx(getattr(m, name), abs=0), name
        x = np.arange(m.columns) + 1.0
        assert rows_of(read) @ x == pytest.approx(rows_of(m) @ x)
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cannot read m\.mps"):
        sap_sop(path)


def test_every_plan_rounds_to_one_in_whole_numbers() -> None:
    draw = np.random.default_rng(3)
    for _ in range(200):
        m, x = _random_matrix_with_plan(draw)
        w = whole(m)
        z = np.round(x / w.grain)
        assert ((w.lower <= z) & (z <= w.upper)).all()
        sums = np.zeros(m.rows)
        np.add.at(sums, m.entry_rows, w.value * z[m.index])
        assert ((w.row_lower <= sums) & (sums <= w.row_upper)).all()
        assert w.cost @ z <= m.cost @ x + w.give + 1e-9
        assert w.safe and (w.value == np.round(w.value)).all()


def test_limits_are_taken_from_rows_and_made_up_where_there_are_none() -> None:
    # stock[1] = make[1] - 3, stock[2] = stock[1] + make[2]: stocks have no limit of their own
    chain = Matrix(
        cost=np.ones(4), lower=np.zeros(4), upper=np.array([10.0, 20.0, np.inf, np.inf]), integer=np.zeros(4, bool),
        row_lower=np.array([3.0, 0.0]), row_upper=np.array([3.0, 0.0]), start=np.array([0, 2, 5], np.int32),
        index=np.array([0, 2, 2, 1, 3], np.int32), value=np.array([1.0, -1.0, 1.0, 1.0, -1.0]),
    )  # fmt: skip
    found = whole(chain)
    assert found.safe
    assert (found.upper * found.grain).tolist() == pytest.approx([10.0, 20.0, 7.0, 27.0])
    assert not whole(Matrix(**{**vars(chain), "upper": np.full(4, np.inf)})).safe


def _random_matrix_with_plan(draw: np.random.Generator) -> tuple[Matrix, np.ndarray]:
    """A few rows around a point inside the limits."""
    columns, rows = 6, 4
    dense = draw.choice([0.0, 1.0, -1.0, 0.37, 1602.797], (rows, columns))
    dense[:, 0] = 1.0
    integer = draw.random(columns) < 0.3
    upper = draw.choice([1.0, 7.3, 119.6, 5000.0], columns)
    upper = np.where(integer, np.ceil(upper), upper)
    x = draw.uniform(0, upper)
    x = np.where(integer, np.floor(x), x)
    sums = dense @ x
    where = np.nonzero(dense)
    m = Matrix(
        cost=draw.normal(0, 10, columns), lower=np.zeros(columns), upper=upper, integer=integer,
        row_lower=np.where(draw.random(rows) < 0.5, sums, -np.inf), row_upper=np.where(draw.random(rows) < 0.5, sums, sums + 1),
        start=np.searchsorted(where[0], np.arange(rows + 1)).astype(np.int32), index=where[1].astype(np.int32), value=dense[where],
    )  # fmt: skip
    return m, x


def _solved(case: Case, gap: float = 1e-9) -> Plan:
    return solve(case, Options(20.0, gap, 1, 0))
