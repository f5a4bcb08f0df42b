"""The command's entry: listens for interrupts from the first moment on, also while the package is being loaded."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from equipoise.interrupt import EXIT_CODE, NOTHING_WRITTEN, Interrupts

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def main() -> None:
    """Run the command line; ends the process."""
    with Interrupts(at_stake=False, aloud=True) as interrupts:

        def swallowed(what: UnraisableHookArgs) -> None:
            """An interrupt in the midst of a callback, which lets no exception out."""
            if not interrupts.broken_off:
                sys.__unraisablehook__(what)
            elif not interrupts.at_stake:
                _say_nothing_written()
                os._exit(EXIT_CODE)

        sys.unraisablehook = swallowed
        try:
            _run(interrupts)
        finally:
            interrupts.close_ears(for_good=True)


def _run(interrupts: Interrupts) -> None:
    try:
        from equipoise.cli import main as command
    except BaseException:  # some modules make another exception of what interrupts their loading
        if not interrupts.broken_off:
            raise
        interrupts.close_ears()
        _say_nothing_written()
        sys.exit(EXIT_CODE)
    command()


def _say_nothing_written() -> None:
    sys.stderr.write(f"{NOTHING_WRITTEN}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
