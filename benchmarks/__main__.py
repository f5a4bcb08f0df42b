"""python -m benchmarks [name ...] [--small]: print the tables."""

from __future__ import annotations

import argparse

from benchmarks.measure import machine
from benchmarks.registry import BENCHMARKS


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure equipoise side by side with others."
    )
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; default all")
    parser.add_argument(
        "--small", action="store_true", help="tiny sizes, to see that they run; the figures mean nothing"
    )
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - set(BENCHMARKS)):
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    print(f"{machine()}\n", flush=True)
    for name in given.names or BENCHMARKS:
        print(f"## {BENCHMARKS[name].TITLE}\n\n{BENCHMARKS[name].run(given.small)}\n", flush=True)


if __name__ == "__main__":
    main()
