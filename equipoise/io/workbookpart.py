"""The main part of a workbook: its list of sheets, names and views, read and edited in place."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from equipoise.errors import OutputError
from equipoise.io.package import DOCUMENT_RELATIONS, Package, Relation, relations_name
from equipoise.io.xmledit import Edits, Node

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_TRUE = ("1", "true")


@dataclass(frozen=True)
class Sheet:
    """One sheet as the workbook lists it. ``place`` counts from 0; ``part`` is "" where the relation is broken."""

    title: str
    id: str
    relation: str
    part: str
    state: str
    place: int
    node: Node


@dataclass(frozen=True)
class Tab:
    """A sheet of ours as it shall stand: at the place of ``old``, or at the end."""

    title: str
    part: str
    state: str
    relation: str
    old: Sheet | None


@dataclass(frozen=True)
class Name:
    """A defined name of ours; ``title`` is the sheet it belongs to, "" for the whole workbook; ``formula`` as XML text."""

    name: str
    title: str
    formula: str
    hidden: bool


class Workbook:
    """The main part of a package. Raises OutputError when there is none that can be read."""

    def __init__(self, package: Package):
        self.package = package
        self.part = next((r.part for r in package.relations() if r.kind == "officeDocument"), "")
        if not package.content_type(self.part).endswith("main+xml"):
            text = f"not-a-workbook: {package.label} is not an .xlsx or .xlsm workbook."
            raise OutputError(f"{text} Save it as one in Excel.")
        self.data = package.content(self.part)
        self.root = package.parsed(self.part, self.data)
        self.relations: list[Relation] = package.relations(self.part)
        self.sheets = self._sheets()

    def _sheets(self) -> list[Sheet]:
        listed = self.root.find("sheets")
        if listed is None:
            raise OutputError(f"broken-workbook: {self.package.label} has no list of sheets. Save it again in Excel.")
        parts = {r.id: r.part for r in self.relations}
        found = []
        for place, node in enumerate(listed.all("sheet")):
            relation = node.get_in(DOCUMENT_RELATIONS, "id")
            state = node.get("state", "visible")
            found.append(
                Sheet(node.get("name"), node.get("sheetId"), relation, parts.get(relation, ""), state, place, node)
            )
        return found

    def related(self, kind: str) -> str:
        """The part of that kind (styles, sharedStrings, calcChain, ...), "" when there is none."""
        return next((r.part for r in self.relations if r.kind == kind), "")

    def flag(self, element: str, attribute: str) -> bool:
        node = self.root.find(element)
        return node is not None and node.get(attribute) in _TRUE

    @property
    def names(self) -> list[Node]:
        """The defined names."""
        listed = self.root.find("definedNames")
        return listed.children if listed else []

    @property
    def active(self) -> Sheet | None:
        """The sheet a reader sees first."""
        views = self.root.find("bookViews")
        view = views.find("workbookView") if views else None
        place = (view.get("activeTab") if view else "") or "0"
        return self.sheets[int(place)] if place.isdigit() and int(place) < len(self.sheets) else None


class WorkbookEdit:
    """The main part with ``tabs`` of ours in its list, the one called ``front`` open, and the sheets at the places ``gone`` taken out."""

    def __init__(self, workbook: Workbook, tabs: list[Tab], gone: set[int], front: str = ""):
        self.root, self.tabs = workbook.root, tabs
        self.edits = Edits(workbook.data)
        self.prefix = f"{self.root.prefix}:" if self.root.prefix else ""
        kept = [s.place for s in workbook.sheets if s.place not in gone]
        self.places = {old: new for new, old in enumerate(kept)}
        added = [tab.title for tab in tabs if tab.old is None]
        self.where = {title: len(kept) + k for k, title in enumerate(added)}
        self.where |= {tab.title: self.places[tab.old.place] for tab in tabs if tab.old is not None}
        self._list_tabs(workbook.sheets, gone)
        self._move_views(front)

    def _list_tabs(self, before: list[Sheet], gone: set[int]) -> None:
        listed = self.root.find("sheets") or self.root
        number = max((int(s.id) for s in before if s.id.isdigit()), default=0)
        new = []
        for tab in self.tabs:
            if tab.old is not None:
                self.edits.replace(tab.old.node.start, tab.old.node.end, self._tab(listed, tab, tab.old.id))
            else:
                number += 1
                new.append(self._tab(listed, tab, str(number)))
        for sheet in before:
            if sheet.place in gone:
                self.edits.remove(sheet.node)
        self.edits.append(listed, "".join(new))

    def _tab(self, listed: Node, tab: Tab, number: str) -> str:
        prefix = listed.prefix_of(DOCUMENT_RELATIONS)
        own = f' xmlns:r="{DOCUMENT_RELATIONS}"' if prefix is None else ""
        state = "" if tab.state == "visible" else f" state={quoteattr(tab.state)}"
        rest = f'sheetId="{number}"{state} {prefix or "r"}:id="{tab.relation}"'
        return f"<{self.prefix}sheet{own} name={quoteattr(tab.title)} {rest}/>"

    def _move_views(self, front: str) -> None:
        """The sheet ``front`` opens; without one the same sheet stays in front, or where it is gone, the first one."""
        views, opened = self.root.find("bookViews"), self.where.get(front)
        if opened is not None and (views is None or views.find("workbookView") is None):
            self._add_view(views, opened)
        for view in views.all("workbookView") if views else ():
            for attribute in ("activeTab", "firstSheet"):
                old = view.get(attribute)
                if attribute == "activeTab" and opened is not None:
                    self.edits.set(view, attribute, str(opened))
                elif old.isdigit():
                    self.edits.set(view, attribute, str(self.places.get(int(old), 0)))

    def _add_view(self, views: Node | None, opened: int) -> None:
        """A view of a workbook that has none."""
        view = f'<{self.prefix}workbookView activeTab="{opened}"/>'
        listed = self.root.find("sheets") or self.root
        if views is not None:
            self.edits.append(views, view)
        else:
            text = f"<{self.prefix}bookViews>{view}</{self.prefix}bookViews>"
            self.edits.replace(listed.start, listed.start, text)

    def name(self, names: list[Name], stale: set[str]) -> None:
        """Define ``names``, in place of those an earlier write-back left; ``stale`` are workbook-wide ones, without case."""
        own = {tab.old.place for tab in self.tabs if tab.old is not None}
        given = {n.name.casefold() for n in names}
        listed = self.root.find("definedNames")
        for node in listed.children if listed else ():
            word, local = node.get("name"), node.get("localSheetId")
            if not local.isdigit():
                old = word.casefold() in stale
            else:
                ours = int(local) in own and (word.startswith("_xlnm.") or word.casefold() in given)
                old = ours or int(local) not in self.places
            if old:
                self.edits.remove(node)
            elif local.isdigit():
                self.edits.set(node, "localSheetId", str(self.places[int(local)]))
        lines = "".join(map(self._name, names))
        if listed is not None:
            self.edits.append(listed, lines)
        elif lines:
            place = self._after(*_BEFORE_NAMES)
            self.edits.replace(place, place, f"<{self.prefix}definedNames>{lines}</{self.prefix}definedNames>")

    def _name(self, name: Name) -> str:
        local = f' localSheetId="{self.where[name.title]}"' if name.title else ""
        hidden = ' hidden="1"' if name.hidden else ""
        tag = f"{self.prefix}definedName"
        return f"<{tag} name={quoteattr(name.name)}{local}{hidden}>{name.formula}</{tag}>"

    def recalculate(self) -> None:
        """Ask Excel to calculate on opening: formulas of the planner speak of sheets that are new."""
        node = self.root.find("calcPr")
        if node is not None:
            self.edits.set(node, "fullCalcOnLoad", "1")
            return
        place = self._after(*_BEFORE_NAMES, "definedNames")
        self.edits.replace(place, place, f'<{self.prefix}calcPr fullCalcOnLoad="1"/>')

    def _after(self, *elements: str) -> int:
        return max(n.end for n in self.root.children if n.name in elements)


def changed_relations(workbook: Workbook, removed: set[str], added: list[tuple[str, str, str]]) -> bytes:
    """The relations of the main part without the ids ``removed`` and with those ``added`` (id, kind, part)."""
    name = relations_name(workbook.part)
    data = workbook.package.content(name)
    root = workbook.package.parsed(name, data)
    edits = Edits(data)
    for node in root.all("Relationship"):
        if node.get("Id") in removed:
            edits.remove(node)
    tag = f"{root.prefix}:Relationship" if root.prefix else "Relationship"
    home = posixpath.dirname(workbook.part)
    lines = (
        f'<{tag} Id="{key}" Type="{DOCUMENT_RELATIONS}/{kind}" Target={quoteattr(posixpath.relpath(part, home))}/>'
        for key, kind, part in added
    )
    edits.append(root, "".join(lines))
    return edits.made()
