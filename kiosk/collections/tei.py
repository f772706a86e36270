"""TEI XML: each poem's `lg` and `l` become stanzas and lines; the header says whose they are.

The parser resolves no entity and fetches nothing (defusedxml). P4 and P5 are read alike: names are
compared without their namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from kiosk.collections.reading import read_bytes
from kiosk.collections.rows import Row, RowTable
from kiosk.collections.text import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DIVISION = re.compile(r"div\d?")
POEM_TYPES = ("poem", "sonnet", "ballad", "ode", "song", "elegy", "hymn", "epigram")
SUPERFLUOUS = ("note", "fw", "pb", "figDesc", "del")
SUPERSEDED = ("sic", "orig", "abbr")
HEADINGS = ("head", "opener", "epigraph", "speaker", "salute", "trailer", "closer", "p", "ab")
YEARS = re.compile(r"(.*?)[,\s]*\(?(\d{4})\s*[-–]\s*(\d{4})\)?\.?")
INDENT = re.compile(r"(?:indent|in|level)[-_( ]?(\d+)?\)?")


def read_tei(path: Path) -> RowTable:
    """The poems of a TEI file, counted from 1 ("poem 3").

    Raises `InputError` for what is no XML, holds entities, or has no line of verse (`l`) in it.
    """
    root = _parse(path)
    try:
        poems = [cells for text in _texts(root) for cells in _rows(text, root)]
    except RecursionError:
        raise InputError(f"{path} is nested too deeply to be read.") from None
    if not poems:
        raise InputError(
            f"{path} is XML, but has no verse in it (no element “l” within “lg” or “div”)."
        )
    rows = [Row(f"poem {number}", cells) for number, cells in enumerate(poems, start=1)]
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return RowTable(path, tuple(columns), tuple(rows))


def _parse(path: Path) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    data = read_bytes(path)
    try:
        root: Element = fromstring(data, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise InputError(
            f"{path} declares entities, which may be a trap and are not read; save it without them."
        ) from None
    except ParseError as error:
        raise InputError(f"{path} is not readable XML: {error}.") from None
    except (ValueError, LookupError) as error:
        raise InputError(f"{path} is in an encoding that is not known here ({error}).") from None
    return root


def _name(element: Element) -> str:
    """The tag without its namespace; "" for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _texts(root: Element) -> list[Element]:
    """The `text` elements that hold no other; the root where there is none."""
    found = [e for e in root.iter() if _name(e) == "text"]
    inner = [e for e in found if not any(_name(d) == "text" for d in e.iter() if d is not e)]
    return inner or [root]


def _rows(text: Element, root: Element) -> Iterator[dict[str, str]]:
    shared = _header(root)
    language = text.get(LANG) or root.get(LANG)
    if language:
        shared["language"] = language
    for poem in _poems(text):
        verse = _verse(poem)
        if not verse:
            continue
        cells = shared | _own(poem)
        if poem.get(LANG):
            cells["language"] = str(poem.get(LANG))
        yield cells | {"text": verse}


def _poems(element: Element) -> list[Element]:
    """The outermost elements that are a poem each."""
    if element.get("type", "").lower() in POEM_TYPES and _has_verse(element):
        return [element]
    divisions = [
        child
        for child in element
        if (DIVISION.fullmatch(_name(child)) or _name(child) in ("body", "group", "front", "back"))
        or (_name(child) == "lg" and child.get("type", "").lower() in POEM_TYPES)
    ]
    within = [child for child in divisions if _has_verse(child)]
    loose = any(_name(c) == "l" or (_name(c) == "lg" and c not in within) for c in element)
    if within and not loose:
        return [poem for child in within for poem in _poems(child)]
    return [element] if _has_verse(element) else []


def _has_verse(element: Element) -> bool:
    return any(_name(e) == "l" for e in element.iter())


def _own(poem: Element) -> dict[str, str]:
    """Title and author that stand at the poem itself."""
    cells: dict[str, str] = {}
    for child in poem:
        name = _name(child)
        if name == "head" and "title" not in cells:
            cells["title"] = _flat(child)
        elif name in ("docAuthor", "byline"):
            cells["author"] = re.sub(r"^by\s+", "", _flat(child), flags=re.IGNORECASE)
    return {name: text for name, text in cells.items() if text}


def _verse(poem: Element) -> str:
    """Lines joined by "\\n", stanzas by an empty line, exactly as they are marked up."""
    lines: list[str] = []

    def gap() -> None:
        if lines and lines[-1]:
            lines.append("")

    def walk(element: Element, *, top: bool) -> None:
        titled = not top
        for child in element:
            name = _name(child)
            if name == "l":
                lines.append(_indent(child) + _flat(child))
            elif name == "head" and not titled:
                titled = True  # the poem's own title
            elif name in HEADINGS:
                gap()
                lines.append(_flat(child))
                gap()
            elif name in SUPERFLUOUS or name in ("docAuthor", "byline", "teiHeader", "figure", ""):
                continue
            else:  # lg, div, sp, quote: what is within belongs together
                gap()
                walk(child, top=False)
                gap()

    walk(poem, top=True)
    return clean_text("\n".join(lines))


def _indent(line: Element) -> str:
    match = INDENT.search(
        line.get("rend", "") or line.get("style", "") or line.get("rendition", "")
    )
    return "" if match is None else "  " * min(12, int((match[1] or "1")[:3]))


def _flat(element: Element) -> str:
    """The text of an element on one line; notes, page breaks and superseded readings left out."""
    parts: list[str] = [element.text or ""]
    # Of a choice the mended reading is taken; what stands outside one is all there is.
    choice = _name(element) == "choice" and len(element) > 1
    skipped = SUPERFLUOUS + SUPERSEDED if choice else SUPERFLUOUS
    for child in element:
        name = _name(child)
        if name == "gap":
            parts.append("[…]")
        elif name in ("lb", "caesura", "space"):
            parts.append(" ")
        elif name and name not in skipped:
            parts.append(_flat(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _header(root: Element) -> dict[str, str]:
    """What the header says of all poems of the file."""
    header = next((e for e in root.iter() if _name(e) == "teiHeader"), None)
    if header is None:
        return {}
    found: dict[str, str] = {}
    statement = next((e for e in header.iter() if _name(e) == "titleStmt"), None)
    for child in () if statement is None else statement:
        if _name(child) == "title":
            found.setdefault("title", _flat(child))
        elif _name(child) == "author" and "author" not in found:
            found |= _author(_flat(child))
    for element in header.iter():
        name = _name(element)
        if name in ("licence", "availability"):
            said = _flat(element) or element.get("target", "") or element.get("status", "")
            if name == "licence" or "licence" not in found:
                found["licence"] = said
        elif name == "sourceDesc":
            found.setdefault("source", _flat(element))
    return {name: text for name, text in found.items() if text}


def _author(name: str) -> dict[str, str]:
    """“Rossetti, Christina, 1830-1894” as a name that can be spoken, and two years."""
    cells: dict[str, str] = {}
    years = YEARS.fullmatch(name)
    if years is not None:
        name, cells["born"], cells["died"] = years[1], years[2], years[3]
    last, comma, first = name.strip(" ,").partition(",")
    if comma and "," not in first and first.strip():
        name = f"{first.strip()} {last.strip()}"
    return cells | {"author": name.strip(" ,")}
