"""Write every example: workbook, README and expected figure, from the definitions in tools/example_cases.

python tools/make_examples.py            writes into equipoise/examples
python tools/make_examples.py FOLDER     writes elsewhere
"""

from __future__ import annotations

import sys
from pathlib import Path

from example_cases import chains, lot_sizing, own, production
from example_cases.base import Example

from equipoise.io.casebook import write_case

HERE = Path(__file__).resolve().parent
EXAMPLES: tuple[Example, ...] = (*own.EXAMPLES, *lot_sizing.EXAMPLES, *production.EXAMPLES, *chains.EXAMPLES)


def write(example: Example, folder: Path) -> None:
    """The three files of one example."""
    place = folder / example.name
    place.mkdir(parents=True, exist_ok=True)
    write_case(example.case(), place / "workbook.xlsx")
    (place / "expected.json").write_text(example.expected(), encoding="utf-8", newline="\n")
    (place / "README.md").write_text(example.readme(), encoding="utf-8", newline="\n")


def main(folder: Path) -> None:
    for example in EXAMPLES:
        write(example, folder)
    sys.stdout.write(f"{len(EXAMPLES)} examples in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "equipoise" / "examples")
