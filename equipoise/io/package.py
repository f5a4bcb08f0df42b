"""An Office file as what it is: a zip of parts with relations. Parts that are not changed keep their stored bytes."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from equipoise.errors import OutputError
from equipoise.io.xmledit import Edits, Node, XmlError, parse

CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LARGEST_PART = 1_000_000_000  # bytes a part may have when it is unpacked
LARGEST_FILE = 4_000_000_000  # bytes; beyond, the zip format needs its 64-bit form
_UTF8 = 0x800
_ENCRYPTED = 0x1
_FIRST_DAY = 0x21  # 1980-01-01, so that the same content gives the same file


@dataclass(frozen=True)
class Entry:
    """One stored part: its packed bytes and what the zip directory says about them."""

    name: str
    packed: bytes
    method: int
    crc: int
    size: int
    date: int = _FIRST_DAY
    time: int = 0
    attributes: int = 0


@dataclass(frozen=True)
class Relation:
    """A relation of a part: ``part`` is the part it leads to, "" for what lies outside the file or inside the same part."""

    id: str
    kind: str  # the last word of its type: worksheet, styles, chart, ...
    type: str
    target: str
    part: str
    external: bool


class Package:
    """The parts of a file by name, in their order."""

    def __init__(self, entries: Iterable[Entry], label: str):
        self.label = label
        self.entries: dict[str, Entry] = {}
        for entry in entries:
            if entry.name in self.entries:
                raise OutputError(
                    f"broken-workbook: {label} holds the part {entry.name} twice. Save it again in Excel."
                )
            self.entries[entry.name] = entry

    @classmethod
    def read(cls, path: Path) -> Package:
        """The package stored at ``path``. Raises OutputError when it is no zip file that can be copied."""
        try:
            with path.open("rb") as file:
                return cls._of(file, path.name)
        except OSError as error:
            raise OutputError(f"not-readable: {path} cannot be read ({error.strerror or error}).") from None

    @classmethod
    def of(cls, data: bytes, label: str) -> Package:
        """The package these bytes are. Raises OutputError as ``read`` does."""
        return cls._of(BytesIO(data), label)

    @classmethod
    def _of(cls, file: IO[bytes], label: str) -> Package:
        try:
            with zipfile.ZipFile(file) as archive:
                return cls((_read_entry(file, info, label) for info in archive.infolist()), label)
        except (zipfile.BadZipFile, struct.error, EOFError):
            text = f"not-a-workbook: {label} is not an .xlsx or .xlsm file, or it is encrypted or damaged."
            raise OutputError(f"{text} Save it as a plain Excel workbook.") from None

    def write(self, path: Path) -> None:
        """Write the zip file. Raises OSError, and OutputError when it grows past what a plain zip file holds."""
        if len(self.entries) > 65_000 or sum(len(e.packed) for e in self.entries.values()) > LARGEST_FILE:
            raise OutputError(f"too-large: {self.label} is too large to copy.")
        with path.open("wb") as file:
            directory = []
            for entry in self.entries.values():
                name = entry.name.encode()
                flags = 0 if entry.name.isascii() else _UTF8
                sizes = (entry.crc, len(entry.packed), entry.size)
                head = struct.pack("<5H3I", 20, flags, entry.method, entry.time, entry.date, *sizes)
                tail = struct.pack("<5H2I", len(name), 0, 0, 0, 0, entry.attributes, file.tell())
                directory.append(b"PK\1\2" + struct.pack("<H", 20) + head + tail + name)
                file.write(b"PK\3\4" + head + struct.pack("<2H", len(name), 0) + name + entry.packed)
            start, count, whole = file.tell(), len(directory), b"".join(directory)
            file.write(whole)
            file.write(b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(whole), start, 0))

    # --- parts -----------------------------------------------------------------------------------------------------------------

    def __contains__(self, name: str) -> bool:
        return self.name(name) is not None

    def name(self, name: str) -> str | None:
        """The part's name as stored; names are compared without case."""
        return name if name in self.entries else self._folded.get(name.casefold())

    def content(self, name: str) -> bytes:
        """A part, unpacked and checked. Raises OutputError."""
        stored = self.name(name)
        if stored is None:
            raise OutputError(f"broken-workbook: {self.label} has no part {name}. Save it again in Excel.")
        entry = self.entries[stored]
        if entry.size > LARGEST_PART:
            raise OutputError(f"too-large: {self.label}: the part {name} is too large to copy.")
        try:
            data = (
                entry.packed if entry.method == 0 else zlib.decompressobj(-15).decompress(entry.packed, entry.size + 1)
            )
        except zlib.error:
            data = b""
        if entry.method not in (0, 8) or len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise OutputError(f"broken-workbook: {self.label}: the part {name} is damaged. Save it again in Excel.")
        return data

    def xml(self, name: str) -> Node:
        """The root element of a part. Raises OutputError."""
        return self.parsed(name, self.content(name))

    def parsed(self, name: str, data: bytes) -> Node:
        """The root element of ``data``, the content of part ``name``. Raises OutputError."""
        try:
            return parse(data)
        except XmlError as error:
            raise OutputError(f"broken-workbook: {self.label}: {name}: {error}. Save it again in Excel.") from None

    def put(self, name: str, data: bytes) -> None:
        """Add a part or replace its content; unchanged content keeps its stored bytes."""
        stored = self.name(name) or name
        old = self.entries.get(stored)
        if old is not None and old.size == len(data) and self.content(stored) == data:
            return
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        when = (old.date, old.time, old.attributes) if old else (_FIRST_DAY, 0, 0)
        self.entries[stored] = Entry(stored, packed, 8, zlib.crc32(data), len(data), *when)
        self.__dict__.pop("_folded", None)

    def remove(self, name: str) -> None:
        stored = self.name(name)
        if stored is not None:
            del self.entries[stored]
            self.__dict__.pop("_folded", None)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.entries}

    # --- relations -------------------------------------------------------------------------------------------------------------

    def relations(self, part: str = "") -> list[Relation]:
        """The relations of a part; those of the package itself when ``part`` is ""."""
        name = relations_name(part)
        if name not in self:
            return []
        return [self._relation(part, node) for node in self.xml(name).all("Relationship")]

    def _relation(self, part: str, node: Node) -> Relation:
        target = node.get("Target")
        outside = node.get("TargetMode") == "External"
        found = "" if outside or target.startswith("#") else self._resolve(part, target)
        kind = node.get("Type").rpartition("/")[2]
        return Relation(node.get("Id"), kind, node.get("Type"), target, found, outside)

    def _resolve(self, part: str, target: str) -> str:
        for written in (target, unquote(target)):
            path = written.partition("#")[0].replace("\\", "/")
            full = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(part), path)
            name = self.name(posixpath.normpath(full).lstrip("/"))
            if name is not None:
                return name
        return ""

    def reach(self, parts: Iterable[str]) -> dict[str, None]:
        """The parts and all they lead to, in the order found."""
        found: dict[str, None] = {}
        waiting = list(parts)
        while waiting:
            part = waiting.pop(0)
            if part and part not in found:
                found[part] = None
                waiting.extend(r.part for r in self.relations(part))
        return found

    # --- content types ---------------------------------------------------------------------------------------------------------

    def content_type(self, part: str) -> str:
        """The declared content type of a part, "" when there is none."""
        overrides, defaults = self._types()
        extension = part.rpartition(".")[2].casefold()
        return overrides.get(f"/{part}".casefold()) or defaults.get(extension, "")

    def of_type(self, ending: str) -> Iterator[str]:
        """The parts whose content type ends with ``ending``."""
        overrides, defaults = self._types()
        for name in self.entries:
            kind = overrides.get(f"/{name}".casefold()) or defaults.get(name.rpartition(".")[2].casefold(), "")
            if kind.endswith(ending):
                yield name

    def _types(self) -> tuple[dict[str, str], dict[str, str]]:
        root = self.xml(CONTENT_TYPES)
        overrides = {n.get("PartName").casefold(): n.get("ContentType") for n in root.all("Override")}
        return overrides, {n.get("Extension").casefold(): n.get("ContentType") for n in root.all("Default")}

    def declare(self, removed: Iterable[str], added: Iterable[tuple[str, str]]) -> None:
        """Take parts out of the list of content types and add others (name, type), each by a line of its own."""
        gone = {f"/{name}".casefold() for name in removed}
        data = self.content(CONTENT_TYPES)
        root = self.parsed(CONTENT_TYPES, data)
        edits = Edits(data)
        for node in root.all("Override"):
            if node.get("PartName").casefold() in gone:
                edits.remove(node)
        tag = f"{root.prefix}:Override" if root.prefix else "Override"
        lines = (f"<{tag} PartName={quoteattr('/' + name)} ContentType={quoteattr(kind)}/>" for name, kind in added)
        edits.append(root, "".join(lines))
        self.put(CONTENT_TYPES, edits.made())


def relations_name(part: str) -> str:
    """xl/workbook.xml -> xl/_rels/workbook.xml.rels; "" -> _rels/.rels."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _read_entry(file: IO[bytes], info: zipfile.ZipInfo, label: str) -> Entry:
    if info.flag_bits & _ENCRYPTED:
        raise OutputError(f"not-a-workbook: {label} is encrypted. Save it without a password to copy it.")
    file.seek(info.header_offset)
    head = file.read(30)
    name_size, extra_size = struct.unpack("<2H", head[26:30])
    file.seek(name_size + extra_size, 1)
    packed = file.read(info.compress_size)
    if head[:4] != b"PK\3\4" or len(packed) != info.compress_size:
        raise zipfile.BadZipFile(label)
    y, mo, d, h, mi, s = info.date_time
    date, time = (y - 1980) << 9 | mo << 5 | d, h << 11 | mi << 5 | s // 2
    return Entry(info.filename, packed, info.compress_type, info.CRC, info.file_size, date, time, info.external_attr)
