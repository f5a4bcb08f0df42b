"""Cell styles of one workbook added to those of another: what is there already is used again, the rest is appended."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from equipoise.io.xmledit import Edits, Node, parse

FIRST_OWN_FORMAT = 164  # number formats below are built in
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
)
_APPLY = ("NumberFormat", "Font", "Fill", "Border", "Alignment", "Protection")
_DATES = (*range(14, 23), *range(45, 48))


@dataclass
class _Pool:
    """One list of the styles part (fonts, fills, ...) while it grows."""

    name: str
    node: Node | None
    places: dict[object, int] = field(default_factory=dict)
    size: int = 0
    added: list[str] = field(default_factory=list)

    def place(self, form: object, text: str) -> int:
        """The place of an entry of that form; ``text`` is appended when there is none."""
        if form not in self.places:
            self.places[form] = self.size
            self.size += 1
            self.added.append(text)
        return self.places[form]


@dataclass(frozen=True)
class Styles:
    """The merged styles part, and where each cell style and each differential style of the plan now is."""

    data: bytes
    cells: tuple[int, ...]
    differential: tuple[int, ...]
    dates: frozenset[int]
    """Cell styles of the plan that show dates."""


class _Merge:
    def __init__(self, base: bytes, plan: bytes):
        self.data = base
        self.base, self.plan = parse(base), parse(plan)
        self.prefix = self.base.prefix
        self.pools = {name: self._pool(name) for name in ("fonts", "fills", "borders", "dxfs")}
        self.xfs = self._pool("cellXfs", plain=False)
        self.formats = _formats(self.base)
        self.added_formats: list[str] = []
        self.plan_formats = {number: code for code, number in _formats(self.plan).items()}

    def _pool(self, name: str, plain: bool = True) -> _Pool:
        pool = _Pool(name, self.base.find(name))
        for node in pool.node.children if pool.node else ():
            pool.places.setdefault(node.form() if plain else _xf_form(node), pool.size)
            pool.size += 1
        return pool

    def number_format(self, number: int) -> int:
        """The id in the merged part of a number format of the plan."""
        if number < FIRST_OWN_FORMAT:
            return number
        code = self.plan_formats[number]
        if code not in self.formats:
            self.formats[code] = max(FIRST_OWN_FORMAT - 1, *self.formats.values(), 0) + 1
            tag = f"{self.prefix}:numFmt" if self.prefix else "numFmt"
            self.added_formats.append(f'<{tag} numFmtId="{self.formats[code]}" formatCode={quoteattr(code)}/>')
        return self.formats[code]

    def cell_style(self, xf: Node) -> int:
        """The place in the merged part of a cell style of the plan."""
        own = {k: v for k, v in xf.attributes.items() if not k.startswith("apply")}
        own["numFmtId"] = str(self.number_format(int(own.get("numFmtId", "0"))))
        for key, pool in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            node = _entries(self.plan, pool)[int(own.get(key, "0"))]
            own[key] = str(self.pools[pool].place(node.form(), node.written(self.prefix)))
        own["xfId"] = "0"
        own |= {f"apply{what}": "1" for what in _APPLY}
        new = Node(xf.name, xf.space, "", own, {}, 0, children=xf.children)
        return self.xfs.place(_xf_form(new), new.written(self.prefix))

    def differential(self, dxf: Node) -> int:
        """The place in the merged part of a differential style (conditional formats, tables) of the plan."""
        children = []
        for child in dxf.children:
            own = dict(child.attributes)
            if child.name == "numFmt":
                own["numFmtId"] = str(self.number_format(int(own["numFmtId"])))
            children.append(Node(child.name, child.space, "", own, {}, 0, text=child.text, children=child.children))
        new = Node("dxf", dxf.space, "", {}, {}, 0, children=children)
        return self.pools["dxfs"].place(new.form(), new.written(self.prefix))

    def date_styles(self) -> frozenset[int]:
        """Cell styles of the plan whose number format shows a date."""
        codes = {n: re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", c) for n, c in self.plan_formats.items()}
        dated = {*_DATES, *(n for n, code in codes.items() if re.search("[dmyhs]", code.casefold()))}
        xfs = _entries(self.plan, "cellXfs")
        return frozenset(k for k, xf in enumerate(xfs) if int(xf.get("numFmtId", "0")) in dated)

    def made(self) -> bytes:
        edits = Edits(self.data)
        missing: dict[int, str] = {}
        lists = [(p.name, p.node, p.added, p.size) for p in (*self.pools.values(), self.xfs)]
        formats = self.base.find("numFmts")
        count = (len(formats.children) if formats else 0) + len(self.added_formats)
        for name, node, added, size in sorted(
            (("numFmts", formats, self.added_formats, count), *lists), key=lambda x: _ORDER.index(x[0])
        ):
            if not added:
                continue
            if node is not None:
                edits.append(node, "".join(added))
                edits.set(node, "count", str(size))
                continue
            tag = f"{self.prefix}:{name}" if self.prefix else name
            place = self._place(name)
            missing[place] = missing.get(place, "") + f'<{tag} count="{size}">{"".join(added)}</{tag}>'
        for place, text in missing.items():
            edits.replace(place, place, text)
        return edits.made()

    def _place(self, name: str) -> int:
        """Where a list that is missing belongs: after the last one that comes before it."""
        before = _ORDER[: _ORDER.index(name)]
        places = [n.end for n in self.base.children if n.name in before]
        return max(places, default=self.base.open_end)


def _entries(root: Node, name: str) -> list[Node]:
    node = root.find(name)
    return node.children if node else []


def _formats(root: Node) -> dict[str, int]:
    """Number formats by their code, also those that stand under an alternative for older versions."""
    found: dict[str, int] = {}
    waiting = list(_entries(root, "numFmts"))
    while waiting:
        node = waiting.pop(0)
        waiting.extend(node.children)
        if node.get("numFmtId").isdigit():
            found.setdefault(node.get("formatCode"), int(node.get("numFmtId")))
    return found


def _xf_form(xf: Node) -> object:
    keys = ("numFmtId", "fontId", "fillId", "borderId", "xfId")
    own = tuple(xf.get(k, "0") for k in keys), xf.get("quotePrefix", "0"), xf.get("pivotButton", "0")
    return own, tuple(c.form() for c in xf.children if c.name != "extLst")


def merge_styles(base: bytes, plan: bytes) -> Styles:
    """The styles part ``base`` with every style of ``plan`` in it; a second merge of the same plan changes nothing.

    Raises XmlError.
    """
    merge = _Merge(base, plan)
    cells = tuple(merge.cell_style(xf) for xf in _entries(merge.plan, "cellXfs"))
    differential = tuple(merge.differential(dxf) for dxf in _entries(merge.plan, "dxfs"))
    return Styles(merge.made(), cells, differential, merge.date_styles())
