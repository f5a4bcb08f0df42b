"""The model as a file for the researcher: .lp or .mps with names a person can read."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pyomo.environ as pyo


class ReadableNames:
    """Names such as ``make_needs_setup(A_2026-01)`` in the characters LP and MPS files allow; equal ones get ~2, ~3, ..."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def __call__(self, data: Any) -> str:
        index = data.index()
        parts = index if isinstance(index, tuple) else (index,)
        words = "_".join(str(p) for p in parts if p not in ("", None))
        name = data.parent_component().local_name + (f"({words})" if words else "")
        name = re.sub(r"[^A-Za-z0-9_().#$%&~-]", "_", name)[:200]
        name = name.replace("-", "_") if name[0] not in "-." else name
        count = self._taken.get(name, 0) + 1
        self._taken[name] = count
        return name if count == 1 else f"{name}~{count}"


def write_file(model: pyo.ConcreteModel, path: Path, form: str) -> None:
    """Write a built model as ``form`` (.lp or .mps); profit is minimised as its negative."""
    with tempfile.TemporaryDirectory() as folder:  # under a plain name: Pyomo warns of names it does not expect
        plain = Path(folder) / f"model{form}"
        model.write(str(plain), io_options={"labeler": ReadableNames()})
        path.write_bytes(plain.read_bytes())
