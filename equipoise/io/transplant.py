"""The sheets of a finished plan workbook, made ready to live in another workbook.

New part names, sheet titles, table names and style numbers; shared strings become inline strings. Input is a plan workbook written by
this package, so sheets are rewritten as text: a sheet may hold 300,000 cells.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from equipoise.io.package import PACKAGE_RELATIONS, relations_name
from equipoise.io.renames import Renames
from equipoise.io.save import PREFIX
from equipoise.io.stylemerge import Styles
from equipoise.io.workbookpart import Name, Workbook

DAYS_1904 = 1462  # between the two calendars of Excel
_CELL = re.compile(r"<c(\s[^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_STRING = re.compile(r"<si>(.*?)</si>|<si/>", re.DOTALL)
_VALUE = re.compile(r"<v>([^<]*)</v>")
_ROW_STYLE = re.compile(r'(<row\s[^>]*?\ss=")(\d+)(")')
_COLUMN_STYLE = re.compile(r'(<col\s[^>]*?\sstyle=")(\d+)(")')
_DIFFERENTIAL = re.compile(r'(\s(?:dxfId|\w+DxfId)=")(\d+)(")')
_TABLE_ID = re.compile(r'(<table\s[^>]*?\sid=")\d+(")')
_TABLE_NAME = re.compile(r'(\s(?:name|displayName)=)("[^"]*")')


@dataclass(frozen=True)
class Surroundings:
    """What the other workbook leaves free and what it asks for."""

    parts: Collection[str]
    names: Collection[str]
    first_table: int
    styles: Styles
    date1904: bool
    codes: Mapping[str, str]
    """New sheet title (without case) -> the name macros know it by, where an earlier copy of the sheet had one."""
    selected: str = ""
    """New title (without case) of the sheet that is the active one."""


def own_name(name: str) -> str:
    """A table or defined name of the plan as it is called in another workbook."""
    return name if name.casefold().startswith(PREFIX) else PREFIX + name


class Transplant:
    """The parts of a plan workbook under their new names. ``parts`` maps each new part to its content, ``types`` to its content type."""

    def __init__(self, workbook: Workbook, around: Surroundings):
        self.workbook, self.plan, self.around = workbook, workbook.package, around
        self.sheets = workbook.sheets
        self.parts: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.names = self._part_names()
        self.renames = Renames.of({s.title: PREFIX + s.title for s in self.sheets}, self._new_names())
        self.strings = self._strings()
        self._tables = around.first_table
        for old, new in self.names.items():
            self.parts[new] = self._content(old)
            self.types[new] = self.plan.content_type(old)
            if relations_name(old) in self.plan:
                self.parts[relations_name(new)] = self._relations(old)

    # --- names -----------------------------------------------------------------------------------------------------------------

    def _part_names(self) -> dict[str, str]:
        """Every part the sheets lead to, with a name that is free in the other workbook."""
        taken = {p.casefold() for p in self.around.parts}
        names: dict[str, str] = {}
        for old in self.plan.reach(s.part for s in self.sheets):
            folder, _, name = old.rpartition("/")
            new = f"{folder}/{PREFIX}{name}"
            number = 2
            while new.casefold() in taken:
                new = f"{folder}/{PREFIX}{number}_{name}"
                number += 1
            taken |= {new.casefold(), relations_name(new).casefold()}
            names[old] = new
        return names

    def _new_names(self) -> dict[str, str]:
        """Tables and defined names of the plan -> their names in the other workbook."""
        old = [self.plan.xml(p).get("displayName") for p in self.plan.of_type(".table+xml")]
        old += [n.get("name") for n in self.workbook.names if not n.get("localSheetId")]
        taken = {n.casefold() for n in self.around.names}
        names: dict[str, str] = {}
        for name in old:
            new, number = own_name(name), 2
            while new.casefold() in taken:
                new = f"{own_name(name)}_{number}"
                number += 1
            taken.add(new.casefold())
            names[name] = new
        return names

    def defined_names(self) -> list[Name]:
        """The defined names of the plan (print titles, filters, ...) under their new names."""
        found = []
        for node in self.workbook.names:
            local, name = node.get("localSheetId"), node.get("name")
            title = PREFIX + self.sheets[int(local)].title if local else ""
            new = name if local else self.renames.names[name.casefold()]
            found.append(Name(new, title, self.renames.escaped(escape(node.text)), node.get("hidden") == "1"))
        return found

    # --- contents --------------------------------------------------------------------------------------------------------------

    def _strings(self) -> list[str]:
        part = self.workbook.related("sharedStrings")
        return [m[1] or "" for m in _STRING.finditer(self.plan.content(part).decode())] if part else []

    def _content(self, part: str) -> bytes:
        data = self.plan.content(part)
        kind = self.plan.content_type(part)
        if not kind.endswith("+xml"):  # pictures; notes have their frames in VML, which has no formulas of ours
            return data
        text = data.decode()
        if kind.endswith(".worksheet+xml"):
            return self._sheet(part, text).encode()
        text = self.renames.xml(text)
        return (self._table(text) if kind.endswith(".table+xml") else text).encode()

    def _relations(self, part: str) -> bytes:
        lines = []
        home = posixpath.dirname(self.names[part])
        for r in self.plan.relations(part):
            target = r.target
            if r.part:
                target = posixpath.relpath(self.names[r.part], home)
            elif target.startswith("#"):
                target = "#" + self.renames.formula(target[1:])
            mode = ' TargetMode="External"' if r.external else ""
            own = f"Id={quoteattr(r.id)} Type={quoteattr(r.type)} Target={quoteattr(target)}{mode}"
            lines.append(f"<Relationship {own}/>")
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<Relationships xmlns="{PACKAGE_RELATIONS}">{"".join(lines)}</Relationships>'.encode()

    def _table(self, text: str) -> str:
        head = text.index("<table ")
        end = text.index(">", head)
        tag = _TABLE_ID.sub(rf"\g<1>{self._tables}\2", text[head:end])
        tag = _TABLE_NAME.sub(lambda m: m[1] + quoteattr(self.renames.names[m[2][1:-1].casefold()]), tag)
        self._tables += 1
        return _DIFFERENTIAL.sub(self._differential, text[:head] + tag + text[end:])

    def _sheet(self, part: str, text: str) -> str:
        title = PREFIX + next(s.title for s in self.sheets if s.part == part)
        start, end = text.find("<sheetData>"), text.rfind("</sheetData>")
        if start < 0:
            start = end = text.index("<sheetData/>")
        head, cells, tail = text[:start], text[start:end], text[end:]
        head = _COLUMN_STYLE.sub(self._style, self._head(title.casefold(), head))
        cells = _CELL.sub(self._cell, _ROW_STYLE.sub(self._style, cells))
        return head + cells + _DIFFERENTIAL.sub(self._differential, self.renames.xml(tail))

    def _head(self, title: str, head: str) -> str:
        """What stands before the cells: only the active sheet is selected, and macros find their sheet under its old name."""
        head = re.sub(r'\s(?:tabSelected|codeName)="[^"]*"', "", head)
        if title == self.around.selected:
            head = head.replace("<sheetView ", '<sheetView tabSelected="1" ', 1)
        code = self.around.codes.get(title)
        if not code:
            return head
        own = f"codeName={quoteattr(code)}"
        if "<sheetPr" in head:
            return re.sub(r"<sheetPr\b", lambda m: f"{m[0]} {own}", head, count=1)
        return re.sub(r"(<worksheet\s[^>]*>)", lambda m: f"{m[1]}<sheetPr {own}/>", head, count=1)

    def _style(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self.around.styles.cells[int(found[2])]}{found[3]}"

    def _differential(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self.around.styles.differential[int(found[2])]}{found[3]}"

    def _cell(self, found: re.Match[str]) -> str:
        own = dict(_ATTRIBUTE.findall(found[1]))
        inner = found[2] or ""
        style = int(own.pop("s", "0"))
        kind = own.pop("t", "")
        new = self.around.styles.cells[style]
        if kind == "s":
            value = _VALUE.search(inner)
            kind, inner = "inlineStr", f"<is>{self.strings[int(value[1])] if value else ''}</is>"
        elif self.around.date1904 and not kind and style in self.around.styles.dates:
            inner = _VALUE.sub(lambda m: f"<v>{float(m[1]) - DAYS_1904:.17g}</v>", inner)
        if "<f" in inner:
            inner = self.renames.xml(inner)
        tag = f'<c r="{own["r"]}"' + (f' s="{new}"' if new else "") + (f' t="{kind}"' if kind else "")
        return f"{tag}>{inner}</c>" if inner else f"{tag}/>"
