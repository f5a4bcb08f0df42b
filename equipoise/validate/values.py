"""One cell in the kind of its column. Nothing is guessed: what does not fit comes back as a BadCell with its code and message.

Read without a word: blanks around text, whole numbers as names, dates as the period that contains them. In text tables (CSV) also
dot-decimal numbers, TRUE and FALSE for flags. docs/reference/bad-input.md lists every kind.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from equipoise.errors import BadCell
from equipoise.periods import Buckets, label
from equipoise.tables import Column
from equipoise.validate.cells import CONTROL, shown
from equipoise.validate.words import near

EXACT_INTEGERS = 2**53
"""From here on a float no longer tells a whole number from the next."""
YEARS = (1900, 2999)
"""Dates outside are slips of the keyboard."""

SHARE = "0.2 means 20 %."

Near = Callable[[str, Sequence[str]], str]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LIKE_NUMBER = re.compile(r"[^\w\s]{0,3}\s?[+-]?[\d.,'’\s]*\d[\d.,'’\s]*\s?[^\w\s]{0,3}")
_LIKE_DATE = re.compile(r"[0-9]{1,4}\s?[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9]{1,4}\.?")
_LINE_ENDS = re.compile(r"\r\n?")
_TIMES = (dt.date, dt.time, dt.timedelta)


def convert(column: Column, value: Any, periods: Buckets, text: bool = False, near: Near = near) -> Any:
    """``value`` (never blank) as its column wants it: float, str, date, the name of a period; or a BadCell.

    None for a period where no periods are known. ``text``: the cell comes from a text file; ``near`` finds suggestions.
    """
    if isinstance(value, BadCell):
        return value
    if column.kind in ("number", "count", "flag"):
        return _number(column, value, text)
    if column.kind == "period":
        return _period(value, periods, near)
    if column.kind == "date":
        return _date(column, value)
    if column.kind == "choice":
        return choice(column.name, column.choices, value, near)
    return _name(column, value) if column.kind == "name" else _text(column, value)


def _number(column: Column, value: Any, text: bool) -> float | BadCell:
    name, is_flag = column.name, column.kind == "flag"
    if text and isinstance(value, str):
        word = value.strip()
        if is_flag and word.casefold() in ("true", "false"):
            return float(word.casefold() == "true")
        if _PLAIN_NUMBER.fullmatch(word):
            value = float(word)
    if isinstance(value, bool) and is_flag:
        return float(value)
    if isinstance(value, str):
        return _text_number(column, value, text)
    if isinstance(value, _TIMES):
        what = "a date" if isinstance(value, dt.date) else "a time"
        hint = "Type a number; format the cell as a number."
        return _bad("not-a-number", value, f"{name} is {what} ({shown(value)}), not a number.", hint)
    if isinstance(value, bool):
        return _bad("not-a-number", value, f"{name} is {str(value).upper()}, not a number.", "Type a number.")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return _bad("not-a-number", value, f"{name} is {shown(value)}, not a number.", "Type a number.")
    return _within(column, number)


def _text_number(column: Column, value: str, text: bool) -> BadCell:
    message = f'{column.name} is the text "{shown(value)}", not a number.'
    if _LIKE_NUMBER.fullmatch(value.strip()[:100]):
        as_typed = "Write it with a decimal point and nothing else, such as 1234.5;" if text else "Type it as a number;"
        percent = f" {SHARE}" if "%" in value else ""
        return _bad("text-number", value, message, f"{as_typed} text is never guessed.{percent}")
    return _bad("not-a-number", value, message, "Type a number, or leave the cell blank.")


def _within(column: Column, number: float) -> float | BadCell:
    """A number inside the bounds of its column, whole where it must be."""
    name, low, high = column.name, column.low, column.high
    if not math.isfinite(number):
        return _bad(
            "not-finite", number, f"{name} is {number}.", "Type a finite number, or leave the cell blank for no limit."
        )
    if column.kind == "flag" and number not in (0.0, 1.0):
        return _bad("not-a-flag", number, f"{name} is {shown(number)}; it must be 0 or 1.", "Type 1 for yes, 0 for no.")
    if low is not None and (number <= low if column.above else number < low):
        words = "above" if column.above else "at least"
        return _bad(
            "too-low",
            number,
            f"{name} is {shown(number)}; it must be {words} {shown(float(low))}.",
            "Correct the value.",
        )
    if high is not None and number > high:
        return _bad(
            "too-high",
            number,
            f"{name} is {shown(number)}; it must be at most {shown(float(high))}.",
            SHARE if column.unit == "share" else "Correct the value.",
        )
    if column.kind == "count" and not number.is_integer():
        return _bad(
            "not-whole", number, f"{name} is {shown(number)}; it must be a whole number.", "Round it as you mean it."
        )
    return number


def _date(column: Column, value: Any) -> dt.date | BadCell:
    day = as_day(value)
    if day is None:
        hint = "Type a date, or the text 2026-01-31; other text and numbers are never guessed."
        if isinstance(value, str) and _LIKE_DATE.fullmatch(value.strip()):
            hint = "It is text: type a true date, or 2026-01-31. Which number is the day and which the month is never guessed."
        return _bad("not-a-date", value, f'{column.name} is "{shown(value)}", not a date.', hint)
    if not YEARS[0] <= day.year <= YEARS[1]:
        return _bad(
            "date-out-of-range",
            value,
            f"{column.name} is {day}; years go from {YEARS[0]} to {YEARS[1]}.",
            "Correct the year.",
        )
    return day


def as_day(value: object) -> dt.date | None:
    """The day that a date, or text such as 2026-01-31, means; else None."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


def _name(column: Column, value: Any) -> str | BadCell:
    if isinstance(value, str):
        word = value.strip()
        if CONTROL.search(word):
            message = f'{column.name} is "{shown(word)}"; a name holds no line break or other control character.'
            return _bad("control-character", value, message, "Type the name again on one line.")
        return word
    as_text = "Format the cell as text and type the name again."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _bad("not-a-name", value, f"{column.name} is {shown(value)}, not a name.", as_text)
    if abs(value) >= EXACT_INTEGERS:
        return _bad("digits-lost", value, f"{column.name} is the number {value!r}; digits may have been lost.", as_text)
    return str(int(value)) if float(value).is_integer() else repr(value)


def _text(column: Column, value: Any) -> str | BadCell:
    if not isinstance(value, str):
        return shown(value)
    text = _LINE_ENDS.sub("\n", value.strip())
    if CONTROL.search(text.replace("\n", "").replace("\t", "")):
        message = f'{column.name} is "{shown(text)}"; it holds a control character.'
        return _bad("control-character", value, message, "Type the text again.")
    return text


def choice(name: str, choices: Sequence[str], value: Any, near: Near = near) -> str | BadCell:
    """One of ``choices``, whatever its case; else a BadCell."""
    word = str(value).strip().casefold()
    if word in choices:
        return word
    hint = near(word, choices) or f"Choose {', '.join(choices)}."
    return _bad("unknown-choice", value, f'"{shown(value)}" is no value of {name}.', hint)


def _period(value: Any, periods: Buckets, near: Near) -> str | BadCell | None:
    found = period_name(value, periods)
    if found is not None or not periods.names:
        return found
    hint = (
        near(value, periods.names) if isinstance(value, str) else ""
    ) or "Use the name of a period, or a date in it."
    if isinstance(value, str) and _LIKE_DATE.fullmatch(value.strip()) and not _ISO_DATE.fullmatch(value.strip()):
        hint = "Use the name of a period, or type a true date: which number is the day and which the month is never guessed."
    span = f"{periods.names[0]} to {periods.names[-1]}"
    return _bad("unknown-period", value, f'"{shown(value)}" is no period of the case ({span}).', hint)


def period_name(value: object, periods: Buckets) -> str | None:
    """The period that a cell or header means: its name, or a date in it (also as text, 2026-01-31). None for anything else."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and float(value).is_integer()
    ):
        value = str(int(value))
    if isinstance(value, str) and value.strip() in periods.index:
        return value.strip()
    day = as_day(value)
    if day is None:
        return None
    if periods.starts:
        return periods.containing(day)
    made = label(day, periods.kind)
    return made if made in periods.index else None


def _bad(code: str, value: object, message: str, hint: str) -> BadCell:
    return BadCell(code, shown(value), message, hint)
