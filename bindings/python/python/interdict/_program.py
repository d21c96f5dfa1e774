"""The command ``interdict``: the program itself, as a function of the native module."""

import signal
import sys

from ._interdict import run_program


def main() -> int:
    """Run the command with the arguments of the process, and return its exit status."""
    # The program answers interrupts by itself; Python would only note them until it ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_program(["interdict", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
