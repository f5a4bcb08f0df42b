"""Turn workbooks into pictures: ``python tools/look.py BOOK.xlsx ...`` writes look/BOOK/page-01.png and so on.

Needs LibreOffice (soffice) and pdftoppm (poppler). Without a workbook it plans the demo company and shows its plan.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Render every workbook; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("books", nargs="*", type=Path, help="workbooks; none = the plan of the demo company")
    parser.add_argument("--to", type=Path, default=Path("look"), help="folder for the pictures (default: look)")
    parser.add_argument("--dpi", type=int, default=80, help="dots per inch (default: 80)")
    given = parser.parse_args()
    missing = [tool for tool in ("soffice", "pdftoppm") if shutil.which(tool) is None]
    if missing:
        print(f"{' and '.join(missing)} not found; install LibreOffice and poppler-utils.", file=sys.stderr)
        return 1
    books = given.books or demo_books(given.to)
    for book in books:
        pages = render(book, given.to / book.stem, given.dpi)
        print(f"{book}: {len(pages)} pages in {given.to / book.stem}")
    return 0


def demo_books(folder: Path) -> list[Path]:
    """The demo company as a workbook, its plan, and its plan written back into a copy."""
    from equipoise import app
    from equipoise.demo import company
    from equipoise.io.casebook import write_case

    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "demo.xlsx"
    write_case(company(), source)
    plan = app.plan(app.load(source))
    return [
        app.write(plan, folder / "demo-plan.xlsx"),
        app.write_back(plan, source, folder / "demo-written-back.xlsx"),
    ]


def render(book: Path, folder: Path, dpi: int) -> list[Path]:
    """The pages of a workbook as pictures in ``folder``, in order."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        profile = (Path(scratch) / "profile").as_uri()
        office = [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            scratch,
        ]
        subprocess.run([*office, str(book)], check=True, capture_output=True, timeout=600)
        pdf = Path(scratch) / f"{book.stem}.pdf"
        subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / "page")], check=True, timeout=600)
    return sorted(folder.glob("page-*.png"))


if __name__ == "__main__":
    sys.exit(main())
