"""A copy of the planner's own workbook with the plan's sheets added, every other part as it was.

Our sheets carry the prefix ``eq_`` and replace those of an earlier write-back at their place. What changes apart from them: the list of
content types, the main part with its relations, the list of cell styles, and which sheet is open: eq_Summary, or the one of ours that was.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

from equipoise.errors import OutputError
from equipoise.io.package import MAIN, Package, relations_name
from equipoise.io.renames import reference
from equipoise.io.save import PREFIX, check_ending, is_own_title, is_plan_book, save
from equipoise.io.stylemerge import Styles, merge_styles
from equipoise.io.transplant import Surroundings, Transplant, own_name
from equipoise.io.workbookpart import Sheet, Tab, Workbook, WorkbookEdit, changed_relations
from equipoise.io.xmledit import XmlError

_SUFFIXES = (".xlsx", ".xlsm")
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CODE = re.compile(rb'<(?:\w+:)?sheetPr\b[^>]*?\scodeName="([^"]*)"')
_CHAIN_SHEET = re.compile(rb'\si="(\d+)"')
_SELECTED = re.compile(rb'\stabSelected="[^"]*"')
_CELL = re.compile(r"(<c\s[^>]*?)(?:/>|>.*?</c>)", re.DOTALL)
_FIRST_ROW = re.compile(r'.*?<sheetData>\s*<row\s[^>]*\br="1".*?</row>', re.DOTALL)
_ALONE = "or take the plan as a workbook of its own."


def write_back(source: Path, plan_book: Path | bytes, target: Path, *, force: bool = False) -> Path:
    """Copy ``source`` with the sheets of ``plan_book`` (a file, or its content) added to ``target``; returns the path written.

    Raises OutputError as ``check_copy`` and ``save`` do.
    """
    source, target = Path(source), Path(target)
    _check_names(source, target)
    book = Package.of(plan_book, "the plan") if isinstance(plan_book, bytes) else Package.read(plan_book)
    result = merged(Package.read(source), book)
    return save(target, result.write, force=force, is_ours=is_plan_book)


def check_copy(source: Path, target: Path) -> None:
    """Raise OutputError when the workbook cannot be copied safely, or not to ``target``: the file itself, or one of another ending."""
    _check_names(source, target)
    refuse_unsafe(Workbook(Package.read(source)))


def _check_names(source: Path, target: Path) -> None:
    if source.suffix.lower() not in _SUFFIXES:
        raise OutputError(f"not-a-workbook: {source.name} is not an .xlsx or .xlsm file; write-back needs one.")
    check_ending(target, f"a copy of {source.name}", source.suffix)
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError(f"target-is-input: {target} is the input, which is never written over. Choose another name.")


def merged(book: Package, plan: Package) -> Package:
    """The planner's workbook with the plan's sheets in it. ``book`` is changed in place and returned. Raises OutputError."""
    return _Merge(Workbook(book), Workbook(plan)).done()


def refuse_unsafe(book: Workbook) -> None:
    """Raise OutputError for a workbook to which no sheet can be added without harm."""
    label = book.package.label
    if book.root.space != MAIN:
        text = f"strict-workbook: {label} is saved as Strict Open XML."
        raise OutputError(f'{text} Save it as "Excel Workbook (*.xlsx)", {_ALONE}')
    if any("digital-signature" in r.type for r in book.package.relations()):
        text = f"signed-workbook: {label} carries a digital signature, which any change makes invalid."
        raise OutputError(f"{text} Remove the signature, {_ALONE}")
    if book.related("revisionHeaders"):
        text = f"shared-workbook: {label} is shared with a log of changes, which would not match new sheets."
        raise OutputError(f"{text} Stop sharing it (Review), {_ALONE}")
    if book.flag("workbookProtection", "lockStructure"):
        text = f"protected-workbook: the structure of {label} is protected, so no sheet may be added."
        raise OutputError(f"{text} Unprotect it (Review), {_ALONE}")


def emptied(data: bytes) -> bytes:
    """A sheet of ours without its values, the header apart: what refers to its cells and tables keeps its hold."""
    text = data.decode()
    header = _FIRST_ROW.match(text)
    start = header.end() if header else 0
    return (text[:start] + _CELL.sub(lambda m: re.sub(r'\st="\w+"', "", m[1]) + "/>", text[start:])).encode()


class _Merge:
    """One write-back: everything is read and made first, then the package is changed."""

    def __init__(self, book: Workbook, plan: Workbook):
        refuse_unsafe(book)
        self.book, self.plan, self.package = book, plan, book.package
        wanted = {f"{PREFIX}{s.title}".casefold() for s in plan.sheets}
        self.old = {s.title.casefold(): s for s in book.sheets if is_own_title(s.title) or s.title.casefold() in wanted}
        self.removed = self._only_ours()
        self.stale = {own_name(n.get("name")).casefold() for n in plan.names if not n.get("localSheetId")}
        over = [s for key, s in self.old.items() if key not in wanted]
        self.left = [s for s in over if self._spoken_of(s)]
        self.gone = {s.place for s in over if s not in self.left}
        self.old = {key: s for key, s in self.old.items() if s not in self.left}
        self.removed = self._only_ours()
        self.front = self._front()
        self.parts: list[tuple[str, bytes]] = []
        self.types: list[tuple[str, str]] = []
        self.relations: list[tuple[str, str, str]] = []

    def _front(self) -> str:
        """The sheet that opens: one of ours that was open before, else the summary; "" for a plan that has none."""
        ours = {f"{PREFIX}{s.title}".casefold(): PREFIX + s.title for s in self.plan.sheets}
        active = self.book.active
        return ours.get(active.title.casefold() if active else "") or ours.get(f"{PREFIX}summary", "")

    def _unselected(self) -> list[tuple[str, bytes]]:
        """The planner's sheets that were marked as open, without the mark: two of them would be edited as a group."""
        own = {s.place for s in self.old.values()}
        found = []
        for sheet in self.book.sheets:
            if self.front and sheet.part and sheet.place not in own | self.gone and sheet not in self.left:
                data = self.package.content(sheet.part)
                head, rest = data[: data.find(b"<sheetData")], data[data.find(b"<sheetData") :]
                if _SELECTED.search(head):
                    found.append((sheet.part, _SELECTED.sub(b"", head) + rest))
        return found

    def _only_ours(self) -> list[str]:
        """Parts that only sheets of an earlier write-back use."""
        old = [s.part for s in self.old.values()]
        roots = [r.part for r in self.package.relations() if r.part != self.book.part]
        roots += [r.part for r in self.book.relations if r.part not in old]
        kept = {*self.package.reach(roots), self.book.part}
        return [part for part in self.package.reach(old) if part not in kept]

    def _spoken_of(self, sheet: Sheet) -> bool:
        """Whether the planner uses a sheet of ours, or a table on it, that the new plan does not have."""
        tables = [self.package.xml(r.part) for r in self.package.relations(sheet.part) if r.kind == "table"]
        words = [escape(reference(sheet.title)), *(t.get("displayName") for t in tables)]
        return self._mentioned("|".join(rf"(?<!\w){re.escape(word)}" for word in words))

    def _mentioned(self, pattern: str) -> bool:
        """Whether a formula, chart or name of the planner has these words."""
        words = re.compile(pattern, re.IGNORECASE)
        kinds = ("worksheet+xml", "chart+xml", "chartex+xml", "pivotCacheDefinition+xml")
        parts = {p for kind in kinds for p in self.package.of_type(kind)} - set(self.removed)
        own = {str(s.place) for s in self.old.values()}
        hers = (n for n in self.book.names if n.get("localSheetId") not in own)
        names = [n.text for n in hers if n.get("name").casefold() not in self.stale]
        texts = (self.package.content(p).decode("utf-8", "replace") for p in sorted(parts))
        return any(map(words.search, names)) or any(map(words.search, texts))

    def done(self) -> Package:
        """Make every change and return the package."""
        chain = self._stale_chain()
        recalculate = self._mentioned(rf"(?<!\w){PREFIX}")
        moved = Transplant(self.plan, self._surroundings(self._styles()))
        self.parts += moved.parts.items()
        self.types += moved.types.items()
        tabs = [self._tab(PREFIX + s.title, moved.names[s.part], s.state) for s in moved.sheets]
        self.parts += [(s.part, emptied(self.package.content(s.part))) for s in self.left]
        self.parts += self._unselected()
        edit = WorkbookEdit(self.book, tabs, self.gone, self.front)
        edit.name(moved.defined_names(), self.stale)
        if recalculate:
            edit.recalculate()
        gone = {s.relation for s in self.old.values()} | {
            r.id for r in self.book.relations if chain and r.part == chain
        }
        self.parts += [
            (self.book.part, edit.edits.made()),
            (relations_name(self.book.part), changed_relations(self.book, gone, self.relations)),
        ]
        return self._changed([*self.removed, *filter(None, [chain])])

    def _changed(self, removed: list[str]) -> Package:
        gone = [*removed, *map(relations_name, removed)]
        for part in gone:
            self.package.remove(part)
        for part, data in self.parts:
            self.package.put(part, data)
        self.package.declare(gone, self.types)
        return self.package

    def _tab(self, title: str, part: str, state: str) -> Tab:
        """A sheet of ours, with a relation to its part."""
        old = self.old.get(title.casefold())
        gone = {s.relation for s in self.old.values()}
        taken = {r.id for r in self.book.relations if r.id not in gone} | {key for key, _, _ in self.relations}
        number = 1
        while f"rIdEq{number}" in taken:
            number += 1
        self.relations.append((f"rIdEq{number}", "worksheet", part))
        return Tab(title, part, state, f"rIdEq{number}", old)

    def _styles(self) -> Styles:
        """The plan's styles among the planner's. A workbook without a styles part gets ours."""
        ours = self.plan.package.content(self.plan.related("styles"))
        part = self.book.related("styles")
        base = self.package.content(part) if part else ours
        try:
            styles = merge_styles(base, ours)
        except XmlError as error:
            text = f"broken-workbook: {self.package.label}: {part}: {error}."
            raise OutputError(f"{text} Save it again in Excel.") from None
        if not part:
            part = f"xl/{PREFIX}styles.xml" if "xl/styles.xml" in self.package else "xl/styles.xml"
            self.types.append((part, f"{_SPREADSHEET}.styles+xml"))
            self.relations.append(("rIdEqStyles", "styles", part))
        self.parts.append((part, styles.data))
        return styles

    def _surroundings(self, styles: Styles) -> Surroundings:
        stay = set(self.package.entries) - set(self.removed) - {relations_name(p) for p in self.removed}
        tables = [self.package.xml(p) for p in self.package.of_type(".table+xml") if p in stay]
        names = {n.get("name") for n in self.book.names if n.get("name").casefold() not in self.stale}
        free = max((int(t.get("id")) for t in tables if t.get("id").isdigit()), default=0) + 1
        active = self.book.active
        return Surroundings(
            parts=stay,
            names=names | {t.get("displayName") for t in tables},
            first_table=free,
            styles=styles,
            date1904=self.book.flag("workbookPr", "date1904"),
            codes=self._codes(),
            selected=self.front.casefold() or (active.title.casefold() if active else ""),
        )

    def _codes(self) -> dict[str, str]:
        """The names macros know our earlier sheets by."""
        found = {}
        for key, sheet in self.old.items():
            match = _CODE.search(self.package.content(sheet.part)[:4000]) if sheet.part else None
            if match:
                found[key] = unescape(match[1].decode())
        return found

    def _stale_chain(self) -> str:
        """The calculation chain, where it lists cells of sheets that are replaced; Excel makes a new one on opening."""
        part = self.book.related("calcChain")
        ours = {s.id.encode() for s in (*self.old.values(), *self.left)}
        return part if part and ours & set(_CHAIN_SHEET.findall(self.package.content(part))) else ""
