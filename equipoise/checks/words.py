"""Numbers and names as the messages of the checks show them."""

from __future__ import annotations

from collections.abc import Sequence


def amount(value: float) -> str:
    """A quantity or an amount of money: thousands apart, two decimals at most, small ones to three digits."""
    if value != 0 and abs(value) < 0.01:
        return f"{value:.3g}"
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def at(item: str, site: str) -> str:
    """'A' where there is one site without a name, else 'A at Lyon'."""
    return f"{item} at {site}" if site else item


def some(names: Sequence[str], most: int = 5) -> str:
    """'A, B, C' or 'A, B, C, D, E and 7 more'."""
    head = ", ".join(names[:most])
    return f"{head} and {len(names) - most} more" if len(names) > most else head


def counted(number: int, one: str, many: str = "") -> str:
    """'1 item', '12 items'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def period(name: str) -> str:
    """'2026-01', but 'period 3' where periods are only counted."""
    return f"period {name}" if name.isdigit() else name


def span(names: Sequence[str]) -> str:
    """'2026-01', 'period 3', or '2026-01 to 2026-04 (4 periods)', for periods in order of time."""
    first, last = period(names[0]), names[-1]
    return first if len(names) == 1 else f"{first} to {last} ({len(names)} periods)"
