"""What Excel demands of a workbook before it opens it without a word."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from writeback_books import parts

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def faults(path: Path) -> list[str]:
    """Everything that would make Excel repair or refuse the file."""
    content = parts(path)
    found = [f"twice: {n}" for n, count in Counter(n.casefold() for n in content).items() if count > 1]
    trees = {}
    for name, data in content.items():
        if name.endswith((".xml", ".rels", ".vml")):
            trees[name] = ElementTree.fromstring(data)
    return [
        *found,
        *_types(content, trees),
        *_relations(content, trees),
        *_workbook(trees),
        *_tables(trees),
        *_styles(trees),
    ]


def _types(content: dict[str, bytes], trees: dict[str, ElementTree.Element]) -> list[str]:
    root = trees["[Content_Types].xml"]
    defaults = {n.get("Extension") for n in root if n.tag.endswith("Default")}
    overrides = Counter(n.get("PartName") for n in root if n.tag.endswith("Override"))
    found = [f"declared twice: {n}" for n, count in overrides.items() if count > 1]
    found += [f"declared but missing: {n}" for n in overrides if n[1:] not in content]
    found += [
        f"no content type: {n}" for n in content if f"/{n}" not in overrides and n.rpartition(".")[2] not in defaults
    ]
    return found


def _relations(content: dict[str, bytes], trees: dict[str, ElementTree.Element]) -> list[str]:
    found = []
    reached = {"[Content_Types].xml"}
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        reached.add(name)
        folder, _, base = name.rpartition("_rels/")
        source = folder + base.removesuffix(".rels")
        ids = [r.get("Id") for r in tree]
        found += [f"{name}: relation twice" for _ in range(len(ids) - len(set(ids)))]
        if source and source not in content:
            found.append(f"relations of nothing: {name}")
        used = set(
            re.findall(r'\br:(?:id|embed|link|pict)="([^"]+)"', content.get(source, b"").decode("utf-8", "replace"))
        )
        found += [f"{source}: no relation {i}" for i in used - set(ids)]
        for r in tree:
            target = r.get("Target") or ""
            if r.get("TargetMode") == "External" or target.startswith("#"):
                continue
            full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            reached.add(full)
            if full not in content:
                found.append(f"{name}: target {target} is missing")
    return found + [f"orphan: {n}" for n in content if n not in reached and "/eq_" in n]


def _workbook(trees: dict[str, ElementTree.Element]) -> list[str]:
    root = trees["xl/workbook.xml"]
    order = [
        "fileVersion",
        "fileSharing",
        "workbookPr",
        "workbookProtection",
        "bookViews",
        "sheets",
        "functionGroups",
        "externalReferences",
        "definedNames",
        "calcPr",
    ]
    children = [c.tag.removeprefix(MAIN) for c in root]
    found = (
        [] if [c for c in order if c in children] == [c for c in children if c in order] else ["workbook.xml: order"]
    )
    listed = root.find(f"{MAIN}sheets")
    assert listed is not None
    for attribute in ("name", "sheetId", f"{RELATED}id"):
        values = [(s.get(attribute) or "").casefold() for s in listed]
        found += [f"sheet {attribute} twice: {v}" for v, n in Counter(values).items() if n > 1 or not v]
    names = root.find(f"{MAIN}definedNames")
    keys = Counter((n.get("name"), n.get("localSheetId")) for n in (names if names is not None else ()))
    found += [f"name twice: {k}" for k, n in keys.items() if n > 1]
    found += [f"name without sheet: {k}" for k in keys if int(k[1] or 0) >= len(listed)]
    selected = [
        n
        for n, t in trees.items()
        if t.tag == f"{MAIN}worksheet" and t.find(f".//{MAIN}sheetView[@tabSelected='1']") is not None
    ]
    return found + ([f"selected: {selected}"] if len(selected) > 1 else [])


def _tables(trees: dict[str, ElementTree.Element]) -> list[str]:
    tables = [t for t in trees.values() if t.tag == f"{MAIN}table"]
    found = []
    for attribute in ("id", "displayName", "name"):
        found += [
            f"table {attribute} twice: {v}" for v, n in Counter(t.get(attribute) for t in tables).items() if n > 1
        ]
    return found


def _styles(trees: dict[str, ElementTree.Element]) -> list[str]:
    (root,) = (t for t in trees.values() if t.tag == f"{MAIN}styleSheet")
    size = {c.tag.removeprefix(MAIN): len(c) for c in root}
    found = [f"{c.tag}: count" for c in root if c.get("count") not in (None, str(len(c)))]
    formats = Counter(n.get("numFmtId") for n in root.findall(f"{MAIN}numFmts/{MAIN}numFmt"))
    found += [f"number format twice: {k}" for k, n in formats.items() if n > 1]
    for xf in root.findall(f"{MAIN}cellXfs/{MAIN}xf"):
        for key, pool in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            if int(xf.get(key, "0")) >= max(size.get(pool, 0), 1):
                found.append(f"xf {key} {xf.get(key)}")
        if int(xf.get("xfId", "0")) >= max(size.get("cellStyleXfs", 0), 1):
            found.append(f"xf xfId {xf.get('xfId')}")
        number = xf.get("numFmtId", "0")
        if int(number) >= 164 and number not in formats:
            found.append(f"xf number format {number}")
    for name, tree in trees.items():
        if tree.tag == f"{MAIN}worksheet":
            styles = {int(c.get("s", "0")) for c in tree.iter(f"{MAIN}c")}
            found += [f"{name}: style {s}" for s in styles if s >= size["cellXfs"]]
        for node in tree.iter():
            if int(node.get("dxfId", "0")) >= max(size.get("dxfs", 0), 1):
                found.append(f"{name}: dxf {node.get('dxfId')}")
    return found
