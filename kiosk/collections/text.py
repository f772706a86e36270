"""Text as people bring it, made even without changing what is on the page."""

from __future__ import annotations

import re
import unicodedata

# Everything that is a line's end somewhere: Windows, old Macs, a cell's soft break, the web.
LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff]")
LOST = "\N{REPLACEMENT CHARACTER}"


def clean_text(text: str) -> str:
    """Unicode NFC, "\\n" at each line's end, no trailing blanks, no empty lines around it.

    Line and stanza breaks, indents and blank lines within stay exactly as they are.
    """
    text = CONTROLS.sub("", text.replace("\u2029", "\n\n"))
    lines = [line.rstrip() for line in LINE_ENDS.split(unicodedata.normalize("NFC", text))]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def clean_line(text: str) -> str:
    """The same for what belongs on one line: a title, a name, a date."""
    return " ".join(clean_text(text).split())


def is_text(text: str) -> bool:
    """False for half a character (a lone surrogate), which no file could hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
