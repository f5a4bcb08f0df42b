"""Every issue code: how grave it is, what it means, what to do. docs/reference/issues.md is made from it.

A test compares it with the package: a code that is used and not listed fails, and so does one that is listed and not used.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """``severity`` is error, warning or note; 'error or warning' where it depends on whether a plan can still exist."""

    severity: str
    meaning: str
    action: str


EITHER = "error or warning"

FILES = {
    "file-not-found": Code("error", "There is no such file or folder.", "Check the name and the folder."),
    "file-not-readable": Code("error", "The file is there but may not be read.", "Close it elsewhere, or ask for the right to read it."),
    "file-empty": Code("error", "The file has no content.", "Save it again in Excel, or fetch it again."),
    "file-damaged": Code("error", "The file breaks off or is no longer a whole workbook.", "Fetch it again, or open it in Excel and save it again."),
    "file-encrypted": Code("error", "The file is protected by a password.", "Save it without the password."),
    "file-not-safe": Code("error", "The file holds something that no workbook needs and that can do harm.", "Open it in Excel and save it again."),
    "file-too-heavy": Code("error", "The file goes beyond what is read: bytes, cells, memory or time.", "Keep only the tables of the case in the file."),
    "wrong-file-type": Code("error", "The file is no .xlsx or .xlsm workbook.", "Open it in Excel and save it as an Excel workbook (.xlsx)."),
    "folder-without-csv": Code("error", "A folder without CSV files.", "Put one CSV file a table into it."),
    "csv-not-readable": Code("error", "A line of a CSV file cannot be split into cells.", "Look for a quotation mark that is not closed."),
    "csv-not-utf8": Code("error", "A CSV file is not UTF-8 text.", "Save it as CSV UTF-8."),
    "no-plan": Code("error", "A file that is to be audited holds no plan.", "Give a plan workbook."),
}  # fmt: skip

SHEETS = {
    "unknown-sheet": Code("warning", "A sheet that is no table of a planning case. It is not read.", "Correct the name if data are meant; notes may stay."),
    "missing-sheet": Code("error", "A table is needed and not there.", "Add the sheet; `equipoise template` writes it with its headers."),
    "missing-rows": Code("error", "A table that must have rows has none.", "Fill it in."),
    "title-rows": Code("warning", "Rows above the header are not read.", "Put notes on a sheet of their own."),
    "outside-table": Code("warning", "Values beside or below a table, under no header, are not read.", "Put notes on a sheet of their own."),
    "stray-value": Code("error", "A column without a header holds values in rows of the table.", "Give it a header, or move the notes."),
    "hidden-sheet": Code("note", "A hidden sheet is read like all others.", "Show it, or remove it."),
    "hidden-rows": Code("note", "Hidden rows are read like all others.", "Show them, or remove them."),
    "hidden-columns": Code("note", "Hidden columns are read like all others.", "Show them, or remove them."),
    "duplicate-sheet": Code("error", "Two sheets are the same table.", "Keep one of them."),
    "no-header": Code("error", "The first row of a sheet is no header.", "Put the column names into the first row."),
    "missing-column": Code("error", "A column that is needed is not there.", "Add it."),
    "unknown-column": Code("error", "A column, or a value of a wide table, that the table does not have.", "Take the name the message suggests, or remove the column."),
    "duplicate-column": Code("error", "Two columns mean the same column or period.", "Keep one of them."),
    "long-and-wide": Code("error", "A table has a period column and columns named by periods.", "Use one form: a row a period, or a column a period."),
    "not-built": Code("error", "A table, column or setting of the planning language that no rule reads yet holds a value.", "Empty it to plan without it."),
}  # fmt: skip

CELLS = {
    "missing-value": Code("error", "A required cell is blank.", "Fill it in."),
    "excel-error": Code("error", "An error value of Excel, such as #N/A or #DIV/0!. It is never read as blank.", "Correct the formula, or type the value."),
    "formula-not-calculated": Code("error", "A formula without a stored result.", "Open the workbook in Excel, let it calculate, and save it."),
    "merged-cells": Code("error", "A cell of the table lies in merged cells; only the first of them holds the value.", "Unmerge them and fill in every cell."),
    "not-a-value": Code("error", "A cell holds something that is no number, text or date.", "Put one plain value in the cell."),
    "not-a-number": Code("error", "A cell of a column of numbers holds a word, a date, or TRUE or FALSE.", "Type a number, or leave the cell blank."),
    "text-number": Code("error", "A number that is stored as text. Text is never guessed.", "Type it as a number."),
    "not-finite": Code("error", "A number without end, or none at all.", "Type a finite number; blank means no limit."),
    "too-low": Code("error", "A number below what its column allows.", "Correct the value."),
    "too-high": Code("error", "A number above what its column allows.", "Correct the value; a share of 20 % is 0.2."),
    "not-whole": Code("error", "A fraction in a column of whole numbers.", "Round it as you mean it."),
    "not-a-flag": Code("error", "A number other than 0 and 1 in a yes-or-no column.", "Type 1 for yes, 0 for no."),
    "not-a-date": Code("error", "A cell of a column of dates holds something else.", "Type a date, or the text 2026-01-31."),
    "date-out-of-range": Code("error", "A date in a year that nobody plans for.", "Correct the year."),
    "unknown-choice": Code("error", "A word that is none of the values of its column or setting.", "Take one of the values the message lists."),
    "unknown-period": Code("error", "A period or date that lies in no period of the case.", "Use the name of a period, or a date in it."),
    "not-a-name": Code("error", "A cell of a column of names holds a date, or TRUE or FALSE.", "Format the cell as text and type the name again."),
    "digits-lost": Code("error", "A numeric code so long that Excel has lost its last digits.", "Format the cell as text and type the code again."),
    "control-character": Code("error", "A name with a line break or another character that cannot be seen.", "Type it again on one line."),
}  # fmt: skip

LINKS = {
    "unknown-setting": Code("error", "A key of the settings sheet that is no setting.", "Take the name the message suggests."),
    "no-periods": Code("error", "Nothing says how many periods the plan has.", "Give the setting periods, or fill the periods sheet."),
    "periods-disagree": Code("warning", "The setting periods differs from the number of rows of the periods sheet, which holds.", "Empty the setting periods."),
    "periods-out-of-order": Code("error", "A period starts before the one above it.", "List periods in order of time."),
    "reserved-name": Code("error", "A name that plans use for something else.", "Choose another name."),
    "missing-name": Code("error", "A blank name, where there are several to choose from.", "Fill in the name."),
    "unknown-reference": Code("error", "A name that is not in the table it refers to.", "Add it there, or correct the name."),
    "duplicate-key": Code("error", "Two rows about the same thing.", "Keep one row; of demand and receipts, add the quantities up."),
    "names-alike": Code("warning", "Two names of a table differ in capitals or spaces only.", "Make it one name, or tell them apart."),
}  # fmt: skip

SHORTAGE = {
    "no-late-cost": Code("error", "shortage = backorder, and what a late unit costs is not said.", "Give late_cost of the item or the demand; 0 if waiting is free."),
    "no-lost-cost": Code("error", "A unit may be lost, and what that costs is not said.", "Give lost_cost or a price of the item or the demand."),
    "backlog-without-backorder": Code("error", "Opening backlog, but demand may not be served late.", "Say shortage = backorder, or empty the backlog."),
    "backlog-past-max-late": Code("error", "Opening backlog of an item with max_late 0: it could never be served.", "Raise max_late, or empty the backlog."),
    "late-dearer-than-lost": Code("warning", "A unit costs more for a period late than lost: the plan never delivers late.", "Check late_cost and lost_cost."),
    "no-demand": Code("warning", "No demand row has a quantity.", "Fill in demand.quantity."),
    "demand-ends-early": Code("note", "Demand, or that of some items, stops before the horizon ends.", "Fill in the later periods if demand goes on."),
    "demand-before-supply": Code("warning", "Demand due before the first delivery can be there, beyond opening stock and receipts.", "Give opening stock or receipts, or check the lead times."),
}  # fmt: skip

SOURCES = {
    "bom-loop": Code("error", "An item is made of itself, through one or several recipes.", "Correct one of the rows of components in the loop."),
    "no-source": Code(EITHER, "An item is wanted or used where nothing makes, buys, ships or stocks it. A warning where a component lacks one and what it goes into has another source, and where the demand may be given up at a price.", "Add a recipe, supplier, lane, stock or receipt, or correct the name."),
    "lane-to-itself": Code("error", "A lane leads to the site it starts from.", "Correct the origin or the destination."),
    "recipe-not-needed": Code("warning", "Nobody needs what a recipe makes at its site.", "Check item and site of the recipe."),
    "unused-item": Code("note", "Items that nobody demands, uses or keeps.", "Remove them if they are history."),
    "resource-elsewhere": Code("warning", "A recipe runs on a resource of another site.", "Correct the site of the recipe or the resource."),
    "lead-time-past-horizon": Code("warning", "A recipe, supplier or lane cannot deliver within the horizon.", "Lengthen the horizon; put what is under way into receipts."),
    "never-open": Code(EITHER, "A recipe or supplier is closed or without capacity in every period. An error where demand that may not be short has no other source.", "Check calendar, capacity and set-up hours."),
}  # fmt: skip

LIMITS = {
    "overtime-without-cost": Code("error", "A resource has overtime without overtime_cost.", "Give the cost of an hour; 0 if it is free."),
    "crew-overtime-without-wage": Code("error", "A crew has overtime without overtime_wage.", "Give the whole price of an hour; 0 if it is free."),
    "overtime-on-crew-resource": Code("error", "A resource with a crew has overtime of its own.", "Give the crew's overtime instead."),
    "crew-without-hours": Code("error", "The hours of a worker are not said in some period.", "Give crews.hours, or crew_calendar.hours in every period."),
    "crew-limits-collide": Code("error", "Minimum, maximum, hire_max and layoff_share of a crew cannot all be kept.", "Widen one of them."),
    "crew-without-resource": Code("warning", "No resource names a crew: it is paid for nothing.", "Name it in resources.crew, or remove it."),
    "unused-resource": Code("warning", "No recipe has an operation on a resource.", "Add the operations, or remove the resource."),
    "minimum-above-capacity": Code(EITHER, "The minimum hours of a resource exceed what it has, or nothing runs on it. A warning where minimum_cost prices it.", "Lower the minimum, or close the resource in these periods."),
    "recipe-minimum-too-large": Code("error", "What recipes must make in every period exceeds their limits or the hours they need.", "Lower the minimum or raise the limit."),
    "lot-min-above-max": Code("error", "lot_min lies above lot_max: the source could never run. lot_max = 0 closes one.", "Correct one of them."),
    "no-lot-between": Code("error", "No whole multiple, or no whole unit, lies between lot_min and lot_max: the source could never run. lot_max = 0 closes one.", "Correct lot_multiple, lot_min or lot_max."),
    "lot-above-capacity": Code(EITHER, "The smallest lot fits into no period. An error where demand that may not be short has no other source.", "Lower the lot or raise the limit."),
    "safety-above-maximum": Code(EITHER, "Safety stock above the maximum stock. An error where both are hard.", "Correct one of them, or price one."),
    "final-above-maximum": Code(EITHER, "Final stock above the maximum stock. An error where both are hard.", "Correct one of them, or price one."),
    "opening-above-maximum": Code("warning", "Opening stock above a hard maximum that nothing can bring down in the first period: no plan exists.", "Raise the first maximum, or give maximum_cost."),
    "storage-below-opening": Code("warning", "The opening stock of a site takes more room than its storage capacity.", "Check storage_capacity, items.volume and the opening stock."),
    "safety-above-storage": Code("error", "The hard safety stocks of a site take more room than its hard storage capacity.", "Correct one of them, or price one."),
    "fraction-of-whole": Code(EITHER, "A fraction in the demand, stock or receipts of an item planned in whole units; an error in a crew of whole people, which could never have a whole number.", "Round it, or empty whole."),
    "hard-limit": Code("note", "Which limits have no price: they hold, or the case is infeasible.", "Give the price to let the plan break them at that price."),
}  # fmt: skip

MONEY = {
    "refused-demand": Code("warning", "An item costs more to make or buy than it earns, or than a lost unit costs: the plan will refuse it.", "Check price and lost_cost against its costs."),
    "backlog-cheaper-than-supply": Code("warning", "final_backlog = allowed, and demand is cheaper left waiting at the end than served.", "Say final_backlog = forbidden, or accept it."),
    "no-price": Code("warning", "The objective is profit, and items in demand have no price.", "Give the price; 0 if it is free."),
    "negative-cost": Code("warning", "A unit cost below 0: every unit earns money.", "Correct the sign."),
    "unlimited-gain": Code("warning", "A quantity earns money and nothing limits it.", "Give a limit, or correct the value or cost."),
    "value-above-cost": Code("warning", "end_stock = value, and stock is worth more than it costs: the plan will fill the shelves.", "Lower items.value, or use stock.final or end_stock = opening."),
    "penalty-too-low": Code("warning", "safety_cost or final_cost is so low that the plan will rather pay it.", "Raise it."),
    "end-of-horizon": Code("warning", "Nothing after the last period counts, so the plan may empty the shelves.", "Say end_stock = opening or value, or give stock.final."),
    "value-missing": Code("warning", "end_stock = value, and items have no value.", "Give items.value or stock.final."),
    "no-effect": Code("warning", "A column or setting is filled in and changes nothing under the other settings.", "Leave it, or change the setting that the message names."),
    "cost-scale": Code("warning", "The largest cost is so much larger than the smallest that the solver cannot weigh them exactly.", "Use a smaller penalty, or a hard limit."),
    "very-large": Code("warning", "A quantity beyond a thousand million.", "Leave the cell blank for no limit, or plan in a larger unit."),
    "looks-like-percent": Code("warning", "A share above 1, as if 95 were typed for 95 %.", "Type 0.95."),
}  # fmt: skip

SOLVING = {
    "no-limit": Code("error", "A set-up, order or lot rule needs a bound on the quantity, and the data give none.", "Give a capacity or lot_max, a cost above the end value, or a maximum to the crew that the message names."),
    "infeasible": Code("error", "No plan keeps all hard limits. The issues below it name the rules that collide.", "Relax one of them, or give a limit a price."),
    "hard-rule": Code("error", "A rule that takes part in a conflict, with its cell.", "See infeasible."),
    "unbounded": Code("error", "The plan can earn without limit.", "Give the quantity a capacity, or correct the cost or value."),
}  # fmt: skip

GROUPS: dict[str, tuple[str, dict[str, Code]]] = {
    "Files": ("Before anything is read.", FILES),
    "Sheets and columns": ("Found while the workbook is read.", SHEETS),
    "Cells": ("One value against what its column allows.", CELLS),
    "Names, keys and periods": ("Rows against rows of other tables.", LINKS),
    "Demand and shortage": ("What is wanted, and what it costs not to serve it.", SHORTAGE),
    "Sources": ("Where items come from, and whether in time.", SOURCES),
    "Limits": ("Limits that contradict each other, and limits that are hard.", LIMITS),
    "Money and sizes": ("What a plan will do that nobody wants, and numbers that look mistyped.", MONEY),
    "While planning": ("Found by the model or the solver.", SOLVING),
}
CODES: dict[str, Code] = {code: entry for _, group in GROUPS.values() for code, entry in group.items()}


def codes_page() -> str:
    """The reference page, in Markdown."""
    lines = [
        "# Issue codes",
        "",
        "`equipoise check` reports every problem at once: sheet, cell, code, value, message and hint. An **error** refuses the case, a",
        "**warning** says what the plan will probably do that nobody meant, a **note** says how the case is read. Of a warning or a note the",
        "first 20 are shown and the rest is counted; of errors, all are reported.",
    ]
    for title, (words, group) in GROUPS.items():
        lines += [
            "",
            f"## {title}",
            "",
            words,
            "",
            "| code | severity | meaning | what to do |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{code}` | {entry.severity} | {entry.meaning} | {entry.action} |" for code, entry in group.items()
        ]
    return "\n".join(lines) + "\n"
