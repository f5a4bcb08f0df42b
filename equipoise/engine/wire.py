"""Frames between a solve and its child process: a few words as JSON and arrays as raw bytes, on pipes.

Only our own processes speak this, so there are no versions; what does not begin like a frame is refused at once.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from equipoise.engine.matrix import Limits, Matrix
from equipoise.engine.meaning import Meaning

MAGIC = b"eqF1"
HEAD = struct.Struct("<4sI")
MOST_WORDS = 1 << 24
TYPES = {"float64": np.float64, "int32": np.int32, "bool": np.bool_}
ARRAYS = ("cost", "lower", "upper", "integer", "row_lower", "row_upper", "start", "index", "value")


class GarbledError(Exception):
    """What came through the pipe is not a frame."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One message: what it is, its words and its arrays."""

    kind: str
    words: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def send(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame. Raises OSError when nobody listens any more."""
    arrays = {name: np.ascontiguousarray(a) for name, a in frame.arrays.items()}
    shapes = [[name, str(a.dtype), len(a)] for name, a in arrays.items()]
    text = json.dumps({"kind": frame.kind, "words": dict(frame.words), "arrays": shapes}).encode()
    stream.write(HEAD.pack(MAGIC, len(text)) + text)
    for a in arrays.values():
        stream.write(a.tobytes())
    stream.flush()


def receive(stream: BinaryIO) -> Frame | None:
    """Read one frame; None when the other side has closed the pipe between frames. Raises GarbledError."""
    head = stream.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise GarbledError("the stream ended within a frame")
    magic, size = HEAD.unpack(head)
    if magic != MAGIC or size > MOST_WORDS:
        raise GarbledError(f"a frame begins with {head!r}")
    try:
        top = json.loads(_exactly(stream, size))
        arrays = {name: _array(stream, TYPES[kind], int(length)) for name, kind, length in top["arrays"]}
        return Frame(str(top["kind"]), top["words"], arrays)
    except (ValueError, KeyError, TypeError) as error:
        raise GarbledError(f"a frame cannot be read ({error})") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise GarbledError("the stream ended within a frame")
    return data


def _array(stream: BinaryIO, kind: type[Any], length: int) -> npt.NDArray[Any]:
    return np.frombuffer(_exactly(stream, length * np.dtype(kind).itemsize), dtype=kind)


def task(
    kind: str,
    matrix: Matrix,
    limits: Limits,
    options: Mapping[str, Any],
    start: npt.NDArray[Any] | None,
    meaning: Meaning | None = None,
    seconds: float | None = None,
) -> Frame:
    """The work for one child: ``kind`` names what to do, ``options`` are set on the solver besides ours.

    ``seconds`` are left for it; None: as many as the time limit says.
    """
    words = {
        "offset": matrix.offset,
        "time_limit": limits.time_limit,
        "until": time.time() + (limits.time_limit if seconds is None else seconds),
        "gap": limits.gap,
        "threads": limits.threads,
        "seed": limits.seed,
        "memory_mb": limits.memory_mb,
        "without": list(limits.without),
        "options": dict(options),
        "meaning": None if meaning is None else meaning.words(),
    }
    arrays = {name: getattr(matrix, name) for name in ARRAYS}
    if meaning is not None:
        arrays |= meaning.arrays()
    return Frame(kind, words, arrays if start is None else {**arrays, "given": start})


def matrix_of(frame: Frame) -> Matrix:
    """The matrix a task carries."""
    arrays: dict[str, Any] = {name: frame.arrays[name] for name in ARRAYS}
    return Matrix(**arrays, offset=frame.words["offset"])


def meaning_of(frame: Frame) -> Meaning | None:
    """What the columns and rows stand for, where the task says so."""
    words = frame.words["meaning"]
    return None if words is None else Meaning.of(words, frame.arrays)


def limits_of(frame: Frame) -> Limits:
    """The limits a task carries."""
    known = {name: frame.words[name] for name in ("time_limit", "gap", "threads", "seed", "memory_mb")}
    return Limits(**known, without=tuple(frame.words["without"]))


def seconds_left(frame: Frame) -> float:
    """Seconds until the limit of a task, the way through the pipe and the start of the child counted."""
    return float(min(frame.words["time_limit"], max(0.0, frame.words["until"] - time.time())))
