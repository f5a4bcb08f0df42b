"""Sums of products in exact arithmetic, and the one tolerance of the audit.

A row is a list of terms, a term a product of stored numbers. Every stored number is a binary fraction, so the row has an exact
rational value, and the verdict is the verdict of that value: a row is broken when it misses its sense by more than a millionth of
the row's size, at least a millionth of a unit. The size of a row is its largest term.

Rational arithmetic is slow, so a row is first summed in floats (``math.fsum`` rounds once). A product of at most six factors is off by
less than 16 x 2**-53 of itself, so a sum of n terms is off by less than 2e-15 x n of the row's size. With n up to a million that is
2e-9 of the size, and a row whose float violation is at most 0.99 millionths of its size is within the tolerance exactly. All other
rows (near the tolerance, over it, huge or not finite) are summed again with fractions, and only that sum finds them broken.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, TypeVar

Factor = float | Fraction
Term = tuple[Factor, ...]
Sense = Literal["=", "<=", ">="]
Number = TypeVar("Number", float, Fraction)

TOLERANCE = Fraction(1, 1_000_000)
_SURE = 0.99e-6
_MOST_TERMS = 1_000_000
_HUGE = 1e290


class Verdict(NamedTuple):
    """``violation`` of a row in its unit (0 or more), whether that breaks it, its signed ``total`` and the value of its first term."""

    broken: bool
    violation: float
    total: float
    first: float


def judge(terms: Sequence[Term], sense: Sense) -> Verdict:
    """The verdict on: the sum of ``terms`` is = 0, <= 0 or >= 0."""
    try:
        values = [float(math.prod(term)) for term in terms]
    except OverflowError:  # a fraction beyond all floats
        return _exactly(terms, sense)
    size = max(map(abs, values), default=0.0)
    if size < _HUGE and len(values) <= _MOST_TERMS:
        total = math.fsum(values)
        violation = _missed(total, sense)
        if violation <= _SURE * max(1.0, size):
            return Verdict(False, violation, total, values[0] if values else 0.0)
    return _exactly(terms, sense)


def _exactly(terms: Sequence[Term], sense: Sense) -> Verdict:
    values = [math.prod((Fraction(factor) for factor in term), start=Fraction(1)) for term in terms]
    total = sum(values, Fraction(0))
    violation = _missed(total, sense)
    size = max((abs(v) for v in values), default=Fraction(0))
    broken = violation > TOLERANCE * max(Fraction(1), size)
    return Verdict(broken, _float(violation), _float(total), _float(values[0]) if values else 0.0)


def _missed(total: Number, sense: Sense) -> Number:
    if sense == "=":
        return abs(total)
    return max(total if sense == "<=" else -total, total * 0)


def _float(value: Fraction) -> float:
    """The nearest float; the largest one where the value is beyond all floats."""
    try:
        return float(value)
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max


def distance_from_whole(value: float) -> float:
    """Distance to the nearest whole number; exact, as a float minus its rounding is a float."""
    return abs(value - round(value))
