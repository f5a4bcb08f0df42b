"""Edits to an XML part that leave every other byte as it was.

A part is parsed to learn where its elements stand; changes are then cut into the bytes at these places. Nothing is written anew, so
prefixes, spacing, extensions and unknown elements of the planner's file survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

TAG_END = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")


class XmlError(ValueError):
    """The part is no XML this module can edit; the message says why."""


@dataclass(eq=False)
class Node:
    """One element: its local ``name``, namespace, prefix, attributes (as written) and byte places.

    ``start:open_end`` is the opening tag, ``close_start:end`` the closing tag (empty for ``<a/>``).
    """

    name: str
    space: str
    prefix: str
    attributes: dict[str, str]
    scope: dict[str, str]
    start: int
    open_end: int = 0
    close_start: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, name: str) -> Node | None:
        """The first child of that local name."""
        return next((c for c in self.children if c.name == name), None)

    def all(self, name: str) -> Iterator[Node]:
        return (c for c in self.children if c.name == name)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def get_in(self, space: str, name: str) -> str:
        """An attribute by namespace, whatever its prefix."""
        for key, value in self.attributes.items():
            prefix, _, local = key.rpartition(":")
            if prefix and local == name and self.scope.get(prefix) == space:
                return value
        return ""

    def form(self) -> tuple[object, ...]:
        """What the element says, without prefix, spacing and order of attributes: equal forms mean the same."""
        plain = tuple(sorted((k, v) for k, v in self.attributes.items() if ":" not in k and k != "xmlns"))
        return (self.name, plain, self.text.strip(), tuple(c.form() for c in self.children))

    def written(self, prefix: str = "") -> str:
        """The element as text under another prefix; attributes of foreign namespaces are left out."""
        tag = f"{prefix}:{self.name}" if prefix else self.name
        plain = "".join(
            f" {k}={quoteattr(v)}" for k, v in self.attributes.items() if ":" not in k and not k.startswith("xmlns")
        )
        inner = escape(self.text.strip()) + "".join(c.written(prefix) for c in self.children)
        return f"<{tag}{plain}>{inner}</{tag}>" if inner else f"<{tag}{plain}/>"

    def prefix_of(self, space: str) -> str | None:
        """A prefix that stands for ``space`` here, or None."""
        return next((p for p, s in self.scope.items() if s == space and p), None)


class _Builder:
    """The handlers of one parse."""

    def __init__(self, data: bytes):
        self.data = data
        self.root: Node | None = None
        self.open: list[Node] = []
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.finish
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: object) -> None:
        raise XmlError("it has a DOCTYPE")

    def start(self, tag: str, listed: list[str]) -> None:
        attributes = dict(zip(listed[::2], listed[1::2], strict=True))
        scope = self.open[-1].scope if self.open else {"xml": "http://www.w3.org/XML/1998/namespace"}
        own = {k.partition(":")[2]: v for k, v in attributes.items() if k == "xmlns" or k.startswith("xmlns:")}
        scope = {**scope, **own} if own else scope
        prefix, _, name = tag.rpartition(":")
        place = self.parser.CurrentByteIndex
        node = Node(name, scope.get(prefix, ""), prefix, attributes, scope, place)
        match = TAG_END.match(self.data, place)
        node.open_end = match.end() if match else place
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text

    def finish(self, _tag: str) -> None:
        node = self.open.pop()
        if self.data[node.open_end - 2 : node.open_end] == b"/>":
            node.close_start = node.end = node.open_end
        else:
            node.close_start = self.parser.CurrentByteIndex
            node.end = self.data.index(b">", node.close_start) + 1


def parse(data: bytes) -> Node:
    """The root element of a part. Raises XmlError (not well-formed, a DOCTYPE, not UTF-8)."""
    head = data[:200].lstrip(b"\xef\xbb\xbf")
    declared = re.match(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""", head)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise XmlError("it is not written in UTF-8")
    builder = _Builder(data)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlError(f"it is not well-formed XML ({error})") from None
    if builder.root is None:
        raise XmlError("it is empty")
    return builder.root


class Edits:
    """Cuts and insertions to one part, collected by byte place and made at once."""

    def __init__(self, data: bytes):
        self.data = data
        self.cuts: list[tuple[int, int, int, bytes]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        self.cuts.append((start, end, len(self.cuts), text.encode()))

    def remove(self, node: Node) -> None:
        self.replace(node.start, node.end, "")

    def append(self, parent: Node, text: str) -> None:
        """Add text as the last children of ``parent``."""
        if not text:
            return
        if parent.close_start == parent.open_end == parent.end:  # <a/> becomes <a>...</a>
            tag = f"{parent.prefix}:{parent.name}" if parent.prefix else parent.name
            self.replace(parent.open_end - 2, parent.open_end, f">{text}</{tag}>")
        else:
            self.replace(parent.close_start, parent.close_start, text)

    def set(self, node: Node, attribute: str, value: str) -> None:
        """Give an unprefixed attribute a value (only its own bytes change)."""
        if node.attributes.get(attribute) == value:
            return
        tag = self.data[node.start : node.open_end]
        found = re.search(rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % re.escape(attribute.encode()), tag)
        if found:
            self.replace(node.start + found.start(1), node.start + found.end(1), quoteattr(value))
        else:
            back = 2 if tag.endswith(b"/>") else 1
            self.replace(node.open_end - back, node.open_end - back, f" {attribute}={quoteattr(value)}")

    def made(self) -> bytes:
        """The part with every change in place."""
        out: list[bytes] = []
        at = 0
        for start, end, _, text in sorted(self.cuts):
            out += (self.data[at:start], text)
            at = max(at, end)
        return b"".join((*out, self.data[at:]))
