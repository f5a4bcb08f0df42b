"""The sheet of instructions in the blank workbook: when each sheet is needed, how cells are read, timing, settings."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from equipoise.tables import SETTINGS, Setting, Table

SHEET = "Instructions"

WHEN: dict[str, str] = {
    "settings": "always: how many periods, and where your rules differ from the defaults",
    "periods": "only for periods with names or lengths of their own; leave it empty where settings make the periods",
    "items": "always: everything that is sold, made, bought or stored",
    "sites": "with two or more sites, or a storage capacity; leave it empty for one site without a name",
    "demand": "always: what customers want, and when",
    "stock": "where there is stock at the start, or a limit on stock",
    "stock_targets": "where a stock limit or the holding cost changes with the period",
    "resources": "where machine or line hours limit production",
    "calendar": "where these hours change with the period",
    "recipes": "where something is made: one row for each way of making it",
    "recipe_calendar": "where cost, yield or limits of a recipe change with the period",
    "operations": "where a recipe takes hours of a resource",
    "components": "where a recipe uses other items (bill of materials)",
    "crews": "where people limit the hours of resources",
    "crew_calendar": "where hours, wages or head counts change with the period",
    "supply": "where something is bought: one row for supplier, item and site",
    "supply_calendar": "where a price or what a supplier can deliver changes with the period",
    "receipts": "where orders placed before the start are still to arrive",
    "lanes": "where items move between sites",
}

CELLS: tuple[tuple[str, str], ...] = (
    ("Dark header", "The column is required: every row needs a value."),
    ("Light header", "A blank cell has a meaning, told in the note at the header together with the unit."),
    (
        "Blank, 0, n/a",
        "Three different things: blank means the default, 0 means zero, and error values such as #N/A are refused.",
    ),
    (
        "Hard or priced",
        "A limit without a price beside it is hard: it holds, or there is no plan (and you are told why). With a price "
        "(safety_cost, maximum_cost, final_cost, storage_cost, minimum_cost) it may be broken at that price.",
    ),
    ("Rows", "Data start in row 2. No totals; a second row with the same names and period is an error."),
    (
        "Columns",
        "Order does not matter, and optional columns may be deleted. A column that is not known is an error: "
        "keep notes on sheets of your own.",
    ),
    (
        "Periods",
        "Use the period's name, or a date in it. Tables with a period may instead have one column a period; "
        "with several values, a column named column says which value a row holds.",
    ),
    ("Codes", "Name columns are formatted as text, so that 00123 keeps its zeros."),
    ("One site", "Leave site blank everywhere where there is only one."),
)

TIMING: tuple[tuple[str, str], ...] = (
    ("Start", "Opening stock is there before the first period. What was ordered before the start is in receipts."),
    (
        "Within a period",
        "What is made or arrives in a period can serve its demand, be used and be shipped on in the same period.",
    ),
    (
        "Lead time",
        "Started or ordered in period t, in stock in t + lead_time. Hours, components and costs fall in t. Nothing may "
        "be started or ordered that would arrive after the last period.",
    ),
    (
        "Holding",
        "Paid on the closing stock of every period, the last one included (holding_on = average: on the mean of "
        "opening and closing stock).",
    ),
    (
        "Unserved demand",
        "shortage = lost: served in its period, or lost at lost_cost. backorder: late_cost at every period end it "
        "waits; lost after max_late periods. forbidden: served in its period, or there is no plan.",
    ),
    (
        "End",
        "stock.final goes first, else end_stock: none (the plan may empty the shelves), opening (at least the opening "
        "stock) or value (the closing stock counts at the item's value).",
    ),
)

WIDTHS = (2, 19, 46, 74)  # characters; the first column is a margin
LINE = 15.0  # points
NAVY, BLUE, GREY = "#1F3864", "#1F4E79", "#595959"


def write_instructions(book: Workbook, sheet: Worksheet, tables: Sequence[Table], title: str) -> None:
    """Fill the sheet of instructions for the given tables."""
    show = _Show(book, sheet)
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    show.line(title, "title")
    show.line("Fill in the sheets from left to right, save the workbook, then check it and plan it:", "lead")
    show.line("equipoise check FILE.xlsx", "code")
    show.line("equipoise plan FILE.xlsx", "code")
    show.heading("Sheets, in the order to fill them in", ("Sheet", "What it holds", "When it is needed"))
    for table in tables:
        show.row(
            (table.name, table.meaning, WHEN[table.name]),
            link=table.name,
            strong=table.required or table.name == "settings",
        )
    show.heading("How cells are read", ("", "", ""))
    for name, words in CELLS:
        show.words(name, words)
    show.heading("Timing", ("", "", ""))
    for name, words in TIMING:
        show.words(name, words)
    show.heading("Settings", ("Key", "Blank means", "Meaning"))
    for setting in SETTINGS:
        if setting.built:
            show.row((setting.name, setting.blank or "not said", meaning(setting)))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def meaning(setting: Setting) -> str:
    """What a setting does, with its choices."""
    choices = [c for c in setting.choices if c not in setting.unbuilt_choices]
    return f"{setting.meaning} ({', '.join(choices)})" if choices else setting.meaning


class _Show:
    """Writes the sheet line by line. Heights are set, because merged cells and some programs do not find their own."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.next = 0
        wrap = {"text_wrap": True, "valign": "top"}
        line = {**wrap, "bottom": 1, "bottom_color": "#D9D9D9"}
        self.formats = {
            "title": book.add_format({"bold": True, "font_size": 18, "font_color": NAVY}),
            "lead": book.add_format({"font_color": GREY}),
            "code": book.add_format({"font_name": "Consolas", "font_color": NAVY}),
            "heading": book.add_format({"bold": True, "font_size": 13, "font_color": BLUE}),
            "columns": book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE}),
            "cell": book.add_format(line),
            "strong": book.add_format({**line, "bold": True}),
            "link": book.add_format({**line, "font_color": BLUE, "underline": 1}),
            "strong link": book.add_format({**line, "font_color": BLUE, "underline": 1, "bold": True}),
        }

    def line(self, words: str, style: str) -> None:
        self.sheet.write_string(self.next, 1, words, self.formats[style])
        self.next += 1

    def heading(self, words: str, columns: Sequence[str]) -> None:
        self.next += 1
        self.line(words, "heading")
        if any(columns):
            for position, column in enumerate(columns, start=1):
                self.sheet.write_string(self.next, position, column, self.formats["columns"])
            self.next += 1

    def row(self, cells: Sequence[str], link: str = "", strong: bool = False) -> None:
        usual = self.formats["strong" if strong else "cell"]
        for position, words in enumerate(cells, start=1):
            self.sheet.write_string(self.next, position, words, usual if position == 1 else self.formats["cell"])
        if link:
            style = self.formats["strong link" if strong else "link"]
            self.sheet.write_url(self.next, 1, f"internal:'{link}'!A2", style, cells[0])
        self._height(max(_lines(words, width) for words, width in zip(cells, WIDTHS[1:], strict=True)))
        self.next += 1

    def words(self, name: str, words: str) -> None:
        """A name with a text that runs over both wide columns."""
        self.sheet.write_string(self.next, 1, name, self.formats["strong"])
        self.sheet.merge_range(self.next, 2, self.next, 3, words, self.formats["cell"])
        self._height(_lines(words, WIDTHS[2] + WIDTHS[3]))
        self.next += 1

    def _height(self, lines: int) -> None:
        self.sheet.set_row(self.next, LINE * lines)


def _lines(words: str, width: int) -> int:
    return len(textwrap.wrap(words, round(1.12 * width))) or 1  # most letters are narrower than the widest
