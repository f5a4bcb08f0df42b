"""New names for the sheets, tables and defined names inside formulas, without touching their text, cells and functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr, unescape

_QUOTES = {"&quot;": '"', "&apos;": "'"}
_BRACKETS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_TOKEN = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")|(?P<error>\#(?:REF|DIV/0|VALUE|NAME\?|NULL|NUM|N/A)!?)
       |(?P<quoted>'(?:[^']|'')*')(?P<mark>!)|(?P<brackets>{_BRACKETS})|(?P<word>[\w\\][\w.\\?]*)(?P<after>!|\(|)""",
    re.VERBOSE,
)
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_FORMULAS = re.compile(
    r"<((?:\w+:)?(?:f|formula[12]?|calculatedColumnFormula|totalsRowFormula))(\s[^>]*)?>([^<]*)</\1>"
)
_LINKS = re.compile(r'(<[^<>]*\s(?:location|textlink)=)("[^"]*")')


@dataclass(frozen=True)
class Renames:
    """Old name -> new name of sheets, and of tables and defined names; old names are matched without case."""

    sheets: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, sheets: Mapping[str, str], names: Mapping[str, str]) -> Renames:
        return cls({k.casefold(): v for k, v in sheets.items()}, {k.casefold(): v for k, v in names.items()})

    def formula(self, text: str) -> str:
        """A formula (plain text, not XML) with the new names. Raises ValueError when it names a sheet that is not known."""
        return _TOKEN.sub(self._token, text)

    def xml(self, text: str) -> str:
        """XML text with the new names in its formulas, internal links and text boxes bound to a cell."""
        text = _FORMULAS.sub(lambda m: f"<{m[1]}{m[2] or ''}>{self.escaped(m[3])}</{m[1]}>", text)
        return _LINKS.sub(lambda m: m[1] + quoteattr(self.formula(unescape(m[2][1:-1], _QUOTES))), text)

    def escaped(self, text: str) -> str:
        """A formula as it stands in XML."""
        return escape(self.formula(unescape(text, _QUOTES)))

    def _token(self, found: re.Match[str]) -> str:
        whole = found[0]
        if found["quoted"]:
            return self._sheet(found["quoted"][1:-1].replace("''", "'"))
        if found["word"]:
            if found["after"] == "!":
                return self._sheet(found["word"])
            return self.names.get(whole.casefold(), whole)  # a function keeps its bracket and so is no name
        if found["text"] and whole.startswith('"#') and "!" in whole:  # HYPERLINK("#Summary!A1")
            return f'"#{self.formula(whole[2:-1])}"'
        return whole

    def _sheet(self, title: str) -> str:
        new = self.sheets.get(title.casefold())
        if new is None:
            raise ValueError(f"a formula of the plan names the sheet {title}, which the plan does not have")
        return reference(new)


def reference(title: str) -> str:
    """A sheet title as formulas write it, with its exclamation mark."""
    quoted = title.replace("'", "''")
    return f"{title}!" if _BARE.fullmatch(title) else f"'{quoted}'!"
