"""The command's entry: listens for interrupts from the first moment on, also while the package is being loaded."""

from __future__ import annotations

import signal
import sys

from equipoise.interrupt import EXIT_CODE, NOTHING_WRITTEN, Interrupts


def main() -> None:
    """Run the command line; ends the process."""
    try:
        with Interrupts(at_stake=False, aloud=True) as interrupts:
            try:
                from equipoise.cli import main as command
            except BaseException:  # some modules make another exception of what interrupts their loading
                if not interrupts.broken_off:
                    raise
                sys.stderr.write(f"{NOTHING_WRITTEN}\n")
                sys.exit(EXIT_CODE)
            command()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # all is done; tidying up is not worth a traceback


if __name__ == "__main__":
    main()
