"""Quantities rounded up to what lot rules and whole units allow. Used for bounds, where a little more does no harm."""

from __future__ import annotations

import math
from fractions import Fraction

from equipoise.model.inputs import INF, Row

ROUNDING = 1e-9  # a quotient this close above a whole number is that number
FINEST = 1_000_000  # a lot multiple is read as a fraction with a denominator of this at most


def step(row: Row, whole: bool) -> float:
    """The quantity between one lot and the next; 0 where any quantity will do [unit]."""
    multiple = row["lot_multiple"]
    if not whole:
        return float(multiple or 0.0)
    return float(multiple * Fraction(multiple).limit_denominator(FINEST).denominator) if multiple else 1.0


def least_lot(row: Row, whole: bool) -> float:
    """The smallest quantity above 0 that the lot rules allow; 0 where any will do [unit]."""
    return lots_up(step(row, whole) or row["lot_min"] or 0.0, row, whole)


def lots_up(quantity: float, row: Row, whole: bool) -> float:
    """The quantity rounded up to what lot_min, lot_multiple and whole units allow; 0 stays 0 [unit]."""
    if quantity in (0.0, INF):
        return quantity
    quantity, each = max(quantity, row["lot_min"] or 0.0), step(row, whole)
    return float(each * math.ceil(quantity / each - ROUNDING)) if each else float(quantity)


def even(one: float, other: float) -> float:
    """The least quantity that is whole lots of both sizes; 0 where one of them is 0 [unit]."""
    if not one or not other:
        return 0.0
    a, b = (Fraction(size).limit_denominator(FINEST) for size in (one, other))
    return float(
        Fraction(math.lcm(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator)
    )
