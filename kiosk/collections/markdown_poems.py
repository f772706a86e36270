"""Poems in Markdown: a header between “---” lines or a heading above each; verse kept by the line.

    # The Tyger
    by William Blake

    Tyger, tyger, burning bright
    In the forests of the night,

A Markdown renderer would run the lines together, so this reads them as they stand: only the signs
that are not part of the poem go (hard breaks, quotation signs, backslashes, paired emphasis).
"""

from __future__ import annotations

import re

from kiosk.collections.poem_folder import HEADER_LINE
from kiosk.collections.rows import Row, column_key
from kiosk.collections.text import clean_text

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
BY = re.compile(
    r"[*_]*(?:by|author:|poet:|von|de|par)\s+([^,;:.!?]+(?:\.[^,;:!?]*)?)", re.IGNORECASE
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
EMPHASIS = re.compile(r"(?<![\w\\*_])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*_])")
LONGEST_NAME = 60  # characters; a longer “by …” is a line of verse


def parse_markdown(where: str, text: str) -> list[Row]:
    """The rows of one file: one, or one for each heading that has verse below it."""
    lines = COMMENT.sub("", clean_text(text)).split("\n")
    shared, lines = _front_matter(lines)
    sections = _sections(lines)
    above = ""  # the heading of the whole file, where the poems have headings below it
    rows: list[tuple[str, dict[str, str]]] = []
    for level, heading, body in sections:
        cells = dict(shared)
        verse = _verse(body, cells)
        if heading and not verse and level == 1 and len(sections) > 1:
            above = heading
            continue
        if heading:
            cells["title"] = heading
        if not verse and not heading:
            continue
        if above:
            cells.setdefault("collection", above)
        cells["text"] = verse
        rows.append((heading, cells))
    if not rows:
        return [Row(where, dict(shared) | {"text": ""})]
    if len(rows) == 1:
        return [Row(where, rows[0][1])]
    return [Row(f"{where}, poem {n}", cells) for n, (_, cells) in enumerate(rows, start=1)]


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    if lines[0].strip() != "---":
        return {}, lines
    cells: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() in ("---", "..."):
            return cells, lines[number + 1 :]
        header = HEADER_LINE.fullmatch(line)
        if header is not None:
            cells[column_key(header[1])] = header[2].strip("\"'")
        elif line.strip():
            break  # a rule and no header after all
    return {}, lines


def _sections(lines: list[str]) -> list[tuple[int, str, list[str]]]:
    """(heading level, heading, lines below it); level 0 for what stands above all headings.

    Only headings of the two uppermost levels begin a poem; lower ones are parts within it.
    """
    levels = sorted({len(h[1]) for line in lines if (h := HEADING.fullmatch(line))})
    beginning = levels[:2] if levels[:1] == [1] else levels[:1]
    sections: list[tuple[int, str, list[str]]] = [(0, "", [])]
    for line in lines:
        heading = HEADING.fullmatch(line)
        if heading is not None and len(heading[1]) in beginning:
            sections.append((len(heading[1]), _plain(heading[2]), []))
        else:
            sections[-1][2].append(heading[2] if heading is not None else line)
    return [section for section in sections if section[1] or any(section[2])]


def _verse(body: list[str], cells: dict[str, str]) -> str:
    lines = clean_text("\n".join(body)).split("\n")
    by = BY.fullmatch(lines[0].strip(" *_"))
    alone = len(lines) > 1 and not lines[1]
    if by is not None and alone and len(by[1]) <= LONGEST_NAME:
        cells["author"] = by[1].strip(" *_")
        lines = lines[1:]
    kept = []
    for line in lines:
        if line.strip().startswith("```"):
            continue
        if line.startswith(">"):
            line = line[1:].removeprefix(" ")  # noqa: PLW2901
        kept.append(_plain(line.removesuffix("\\").rstrip()))
    return clean_text("\n".join(kept))


def _plain(line: str) -> str:
    line = re.sub(r"<br\s*/?>$", "", line.replace("&nbsp;", " "))
    return ESCAPED.sub(r"\1", EMPHASIS.sub(r"\2", line))
