"""One door for poems: whatever staff bring, a file or a folder, comes out as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.errors import InputError
from kiosk.collections.damage import told
from kiosk.collections.markdown_poems import parse_markdown
from kiosk.collections.poem_folder import HEADER_LINE, parse_poem_file
from kiosk.collections.reading import bare_suffix, read_text
from kiosk.collections.rows import ReadRows, Row, RowTable, column_key, each
from kiosk.collections.tables import read_table
from kiosk.collections.tei import read_tei
from kiosk.collections.text import clean_text

COLUMNS = ("title", "author", "poet", "text", "language", "born", "died", "source")
# Other people's names for the same things; only where the name itself is not a column.
ALIASES = {
    "text": ("poem", "lines", "poem text", "content", "body", "verse", "verses", "full text"),
    "title": ("poem title", "poem name", "name", "first line"),
    "poet": ("poet name", "author name", "writer", "creator"),
    "born": ("birth year", "year of birth", "birth", "author born"),
    "died": ("death year", "year of death", "death", "author died"),
    "language": ("lang", "language code"),
}
SAME = {"poet": "author", "author": "poet"}
# Between the poems of one file; only where a header follows, for verse has rules of its own.
RULE = re.compile(r"\s*(?:-{3,}|={3,}|\*{3,}|_{3,}|\f)\s*")
BEGINS_HEADER = ("title", "author", "poet")
MOST_NOTES = 5  # of the encodings of single files


def read_poems(path: Path) -> RowTable:
    """The poems in a file of any known format, or in all such files of a folder.

    Cells are named title, author or poet, text, language, born, died, source, licence and
    rights_holder; others keep their names. What is lost or garbled is among the notes of its row.
    Raises `InputError` for what cannot be read at all.
    """
    table = _folder(path) if path.is_dir() else _file(path)
    return told(_named(table))


def _file(path: Path) -> RowTable:
    suffix = bare_suffix(path)
    if suffix in (".xml", ".tei"):
        return read_tei(path)
    if suffix in (".md", ".markdown"):
        file = read_text(path)
        return _table(path, parse_markdown(path.name, file.text), file.note)
    if suffix in (".txt", ".text", ""):
        file = read_text(path)
        if _has_header(file.text):
            return _table(path, parse_text(path.name, file.text), file.note)
    return read_table(path, (*COLUMNS, *(name for names in ALIASES.values() for name in names)))


def parse_text(where: str, text: str) -> list[Row]:
    """The poems of one text file: each has its header, and a rule (“---”) stands between them."""
    pieces = _pieces(clean_text(text.replace("\f", "\n---\n")))
    if len(pieces) == 1:
        return [parse_poem_file(where, pieces[0])]
    return [
        parse_poem_file(f"{where}, poem {number}", piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def _pieces(text: str) -> list[str]:
    lines = text.split("\n")
    pieces: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if RULE.fullmatch(line):
            following = next((other for other in lines[number + 1 :] if other.strip()), "")
            if _is_header(following):
                if any(pieces[-1]):
                    pieces.append([])
                continue
        pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces]


def _has_header(text: str) -> bool:
    lines = (line for line in clean_text(text[:10_000]).split("\n") if line.strip())
    return any(_is_header(line) for line in (next(lines, ""), next(lines, "")))


def _is_header(line: str) -> bool:
    header = HEADER_LINE.fullmatch(line.strip())
    return header is not None and column_key(header[1]) in BEGINS_HEADER


def _folder(folder: Path) -> RowTable:
    """Every poem file below a folder, by name; an unreadable one is a row with its problem."""
    try:
        files = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in (".txt", ".md", ".xml", ".tei")
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            and path.stem.upper() not in ("README", "LICENSE", "LICENCE", "CHANGELOG")
            and path.is_file()
        )
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be read ({error.strerror}).") from error
    if not files:
        raise InputError(f"The folder {folder} holds no text files (*.txt, *.md, *.xml).")

    def read() -> Iterator[tuple[str, str, list[Row]]]:
        for path in files:
            name = path.relative_to(folder).as_posix()
            yield name, *_rows_of(path, name)

    encodings: dict[str, list[str]] = {}
    columns: dict[str, None] = {}
    count = 0
    notes: list[str] = []
    for name, note, rows in read():
        columns |= dict.fromkeys(column for row in rows for column in row.cells)
        count += len(rows)
        if note:
            encodings.setdefault(note, []).append(name)
    for note, names in encodings.items():
        if len(names) <= MOST_NOTES:
            notes += (f"{name}: {note}" for name in names)
        else:
            notes.append(f"{len(names)} files ({', '.join(names[:3])}, …): {note}")
    every = ReadRows(lambda: (row for _, _, rows in read() for row in rows), count)
    return RowTable(folder, tuple(columns), every, tuple(notes))


def _rows_of(path: Path, name: str) -> tuple[str, list[Row]]:
    """What there is to say of the file's encoding, and its poems."""
    try:
        if path.suffix.lower() in (".xml", ".tei"):
            poems = read_tei(path).rows
            return "", [replace(row, where=f"{name}, {row.where}") for row in poems]
        file = read_text(path)
    except InputError as error:
        return "", [Row(name, {}, error.sentence)]
    parse = parse_markdown if path.suffix.lower() == ".md" else parse_text
    return file.note, parse(name, file.text)


def _table(path: Path, rows: list[Row], *notes: str) -> RowTable:
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return RowTable(path, tuple(columns), tuple(rows), tuple(note for note in notes if note))


def _named(table: RowTable) -> RowTable:
    """The table with other people's names of columns replaced by those that are known here."""
    there = {column_key(name): name for name in table.columns}
    renamed: dict[str, str] = {}
    for wanted, others in ALIASES.items():
        if wanted in there or SAME.get(wanted) in there:
            continue
        found = next((there[other] for other in others if other in there), None)
        if found is not None:
            renamed[found] = wanted
    if not renamed:
        return table

    def rename(row: Row) -> Row:
        cells = {renamed.get(name, name): text for name, text in row.cells.items()}
        return replace(row, cells=cells)

    notes = tuple(f"the column “{name}” is read as {wanted}" for name, wanted in renamed.items())
    columns = tuple(renamed.get(name, name) for name in table.columns)
    return RowTable(table.path, columns, each(table.rows, rename), (*table.notes, *notes))
