"""XML as a stream of starts, ends and text. A document type or entity is refused at sight, so nothing can be expanded."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from equipoise.io.guard import RefusedError

CHUNK = 1 << 16
Start = Callable[[str, dict[str, str]], None]


class StopScanError(Exception):
    """Raised by a handler that has seen enough."""


def scan(
    stream: IO[bytes], start: Start, end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Call the handlers for every element; names come as they are written, prefix included. Raises expat.ExpatError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except StopScanError:
        return


def _refuse_doctype(*_: object) -> None:
    hint = "Excel never writes one. Open the file in Excel and save it again, or ask where it comes from."
    raise RefusedError(
        "file-not-safe", "the file holds a document type declaration (DOCTYPE), which could hide a bomb.", hint
    )


def peek(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a part that is not parsed but begins with a document type."""
    if not entry.filename.casefold().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(entry) as stream:
        head = stream.read(4096).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        _refuse_doctype()


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]


def is_true(value: str | None) -> bool:
    """A flag of an XML attribute."""
    return value in ("1", "true", "on")
