"""The live line."""

from equipoise.engine.matrix import Progress
from equipoise.live import LiveLine, line


def test_a_line_says_time_plan_bound_gap_and_stage():
    assert line(Progress(12.4, 1234.0, 1200.0, "search"), "EUR") == (
        "12 s  best 1,234.00 EUR  bound 1,200.00  gap 34.00 (2.76%)  search"
    )


def test_what_is_not_there_is_not_said():
    assert line(Progress(0.2, None, None, "linear relaxation")) == "0 s  linear relaxation"


def test_a_closed_error_stream_keeps_the_line_quiet(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    assert not LiveLine().on
