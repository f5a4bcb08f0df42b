"""Compares as many drawn cases as one likes: python -m reference FIRST LAST (seeds, LAST left out), with tests/ on PYTHONPATH.

Prints what differs, made as small as it goes, and counts what came of the cases.
"""

from __future__ import annotations

import sys
from collections import Counter

from reference.against import compare, verdicts
from reference.dice import Drawn
from reference.draw import draw
from reference.shrink import shrunk


def is_wrong(tables: Drawn) -> bool:
    """Whether the models differ; a case that cannot be read (a row it needs was taken out) does not count."""
    try:
        verdict = compare(tables)
        return verdict.compared and bool(verdict.wrong)
    except Exception:
        return False


def main(first: int, last: int) -> None:
    count: Counter[str] = Counter()
    for seed, verdict in verdicts(draw, range(first, last)):
        count[verdict.word] += 1
        if verdict.wrong:
            print(f"seed {seed}: {verdict.wrong}", flush=True)
            if verdict.compared:
                small = shrunk(draw(seed), is_wrong)
                print(
                    f"  small: {compare(small).wrong}", *(f"  {k}: {v}" for k, v in small.items()), sep="\n", flush=True
                )
    for word, times in count.most_common():
        print(f"{times:7} {word}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
