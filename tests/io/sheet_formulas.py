"""A small calculator for the formulas of a plan workbook, so that tests can hold every cached value against its formula.

It knows what these workbooks use: + - * /, comparison, SUM, SUMIF, SUMPRODUCT, ROUND, ABS, N, IF, references to cells, ranges and whole
columns, numbers and texts. Anything else is an error, so a new kind of formula needs a new line here.
"""

from __future__ import annotations

import re
from typing import Any

from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"]|"")*")
        |(?P<number>\d+(?:\.\d+)?)
        |(?P<ref>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,3}\$?\d*(?::\$?[A-Z]{1,3}\$?\d*)?(?![A-Z(]))
        |(?P<name>[A-Z]+)(?=\()
        |(?P<op>[-+*/(),=<>])
    )""",
    re.VERBOSE,
)


class Calculator:
    """Formulas of ``book`` (read with its formulas), evaluated on the cached values of ``cached`` (the same book, read with data_only)."""

    def __init__(self, cached: Workbook):
        self.cached = cached

    def value(self, sheet: str, formula: str) -> Any:
        """What the formula gives."""
        self.sheet = sheet
        self.tokens = list(TOKEN.finditer(formula.removeprefix("=")))
        assert "".join(m.group(0) for m in self.tokens) == formula.removeprefix("="), f"cannot read {formula}"
        self.at = 0
        result = self._comparison()
        assert self.at == len(self.tokens), f"left over in {formula}"
        return result

    def _peek(self) -> str:
        return self.tokens[self.at].group(0).strip() if self.at < len(self.tokens) else ""

    def _take(self) -> re.Match[str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def _comparison(self) -> Any:
        left = self._sum()
        while self._peek() == "=":
            self._take()
            left = _each(lambda a, b: float(_same(a, b)), left, self._sum())
        return left

    def _sum(self) -> Any:
        left = self._product()
        while self._peek() in ("+", "-"):
            sign = 1 if self._take().group(0).strip() == "+" else -1
            left = _number(left) + sign * _number(self._product())
        return left

    def _product(self) -> Any:
        left = self._atom()
        while self._peek() in ("*", "/"):
            if self._take().group(0).strip() == "*":
                left = _each(lambda a, b: _number(a) * _number(b), left, self._atom())
            else:
                left = _number(left) / _number(self._atom())
        return left

    def _atom(self) -> Any:
        token = self._take()
        if token["text"] is not None:
            return token["text"][1:-1].replace('""', '"')
        if token["number"] is not None:
            return float(token["number"])
        if token["ref"] is not None:
            return self._cells(token["ref"])
        if token["name"] is not None:
            return self._call(token["name"])
        assert token["op"] == "(", token["op"]
        inner = self._comparison()
        assert self._take()["op"] == ")"
        return inner

    def _call(self, name: str) -> Any:
        self._take()
        arguments: list[Any] = []
        if name == "IF":
            return self._if()
        while True:
            arguments.append(self._comparison())
            if self._take()["op"] == ")":
                break
        if name == "SUM":
            return sum(v for v in _flat(arguments) if isinstance(v, int | float))
        if name == "SUMIF":
            keys, wanted, amounts = arguments
            return sum(a for k, a in zip(keys, amounts, strict=True) if k == wanted and isinstance(a, int | float))
        if name == "SUMPRODUCT":
            chosen, amounts = arguments
            return sum(c * a for c, a in zip(chosen, amounts, strict=True) if isinstance(a, int | float))
        if name == "ROUND":
            return round(_number(arguments[0]), int(arguments[1]))
        if name == "ABS":
            return abs(_number(arguments[0]))
        assert name == "N", name
        return arguments[0] if isinstance(arguments[0], int | float) else 0.0

    def _if(self) -> Any:
        """Both branches are read, the one not taken may divide by nothing."""
        condition = self._comparison()
        assert self._take()["op"] == ","
        yes = self._comparison()
        assert self._take()["op"] == ","
        try:
            no = self._comparison()
        except ZeroDivisionError:
            no = None
            while self._peek() != ")":
                self._take()
        assert self._take()["op"] == ")"
        return yes if condition else no

    def _cells(self, reference: str) -> Any:
        name, _, area = reference.rpartition("!")
        sheet = self.cached[name.strip("'").replace("''", "'") if name else self.sheet]
        left, top, right, bottom = range_boundaries(area.replace("$", ""))
        if ":" not in area:
            return sheet.cell(top, left).value
        block = sheet.iter_rows(top or 1, bottom or sheet.max_row, left, right, values_only=True)
        return [v for row in block for v in row]


def _number(value: Any) -> float:
    assert value is None or isinstance(value, int | float), f"{value!r} is no number"
    return 0.0 if value is None else float(value)


def _same(a: Any, b: Any) -> bool:
    return (a or "") == (b or "") if isinstance(a, str) or isinstance(b, str) else _number(a) == _number(b)


def _each(act: Any, left: Any, right: Any) -> Any:
    """The operator on two values, or element by element where one is a range."""
    if isinstance(left, list) and isinstance(right, list):
        return [act(a, b) for a, b in zip(left, right, strict=True)]
    if isinstance(left, list):
        return [act(a, right) for a in left]
    return act(left, right)


def _flat(values: Any) -> Any:
    for value in values:
        yield from value if isinstance(value, list) else [value]
