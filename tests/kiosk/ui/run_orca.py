"""Run with Debian's Python: Orca as Debian ships it, but each line of its debug file at once."""

import builtins
import runpy
import sys

ORCA = "/usr/bin/orca"
plain_open = builtins.open


def open_by_lines(file, mode="r", *more, **named):
    """The same, with the buffer of a text that is written as short as a line."""
    if "w" in mode and "b" not in mode and not more and "buffering" not in named:
        named["buffering"] = 1
    return plain_open(file, mode, *more, **named)


builtins.open = open_by_lines
sys.argv[0] = ORCA
runpy.run_path(ORCA, run_name="__main__")
