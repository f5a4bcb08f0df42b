"""The model as .lp and .mps: names a person can read, the same optimum when another program reads the file."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cases import case, one_item

from equipoise import app
from equipoise.errors import OutputError

READ_BACK = """
import sys, highspy
h = highspy.Highs()
h.setOptionValue("output_flag", False)
h.readModel(sys.argv[1])
h.run()
print(h.getInfo().objective_function_value)
"""


@pytest.mark.parametrize("form", [".lp", ".mps"])
def test_a_written_model_has_the_same_optimum(tmp_path, form):
    model = app.write_model(
        case(**one_item(90, 120, 80, 70, hold=2, recipes={"setup_cost": 500})), tmp_path / f"model{form}"
    )
    found = subprocess.run([sys.executable, "-c", READ_BACK, str(model)], capture_output=True, text=True, check=True)
    assert float(found.stdout.splitlines()[-1]) == pytest.approx(1380)  # HiGHS 1.16 greets before it can be told not to
    assert "make_needs_setup(mA_1)" in model.read_text(encoding="utf-8")


def test_names_that_differ_only_in_odd_characters_stay_apart(tmp_path):
    tables = one_item(5, items={"item": ["A b", "A_b"]}, demand={"item": ["A b", "A_b"], "quantity": 5, "period": "1"})
    tables["recipes"] = {"recipe": ["r 1", "r_1"], "item": ["A b", "A_b"]}
    text = app.write_model(case(**tables), tmp_path / "model.lp").read_text(encoding="utf-8")
    assert "balance(A_b_1)" in text
    assert "balance(A_b_1)~2" in text


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(OutputError, match=r"\.lp or \.mps, not \.txt"):
        app.write_model(case(**one_item(5)), tmp_path / "model.txt")
