"""What is fuzzed: the parsers of our own, each a function of bytes that may only refuse in words.

A target returns for whatever it understood, and for whatever it refused with a sentence. Any other
exception is a finding, and so is a hang.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from engine.errors import KnownError
from kiosk.collections import iiif
from kiosk.collections.archive import unpack
from kiosk.collections.artwork_reading import read_artworks
from kiosk.collections.json_table import parse_json
from kiosk.collections.markdown_poems import parse_markdown
from kiosk.collections.poem_reading import parse_text, read_poems
from kiosk.collections.reading import decode
from kiosk.collections.tei import read_tei

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests" / "kiosk" / "collections" / "exports"
POEMS = ROOT / "data" / "poems"
MOST = 2**16  # bytes of one input; what is wrong shows in small ones

TEI = b"""<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader>
<fileDesc><titleStmt><title>Songs</title><author>Blake, William, 1757-1827</author></titleStmt>
<sourceDesc><p>Printed <hi>1794</hi></p></sourceDesc></fileDesc></teiHeader><text><body>
<div type="poem"><head>The Tyger</head><lg><l>Tyger<note>x</note>, <choice><sic>a</sic>
<corr>b</corr></choice></l><l rend="indent1">In</l></lg><lg><l>What</l></lg>
</div></body></text></TEI>"""
MARKDOWN = (
    b"---\ntitle: A\nauthor: B\n---\n\n# The *Tyger*\n\nby W. Blake\n\n> Tyger,  \n> burning\n",
    b"# One\n\nA line\\\nanother\n\n## Two\n*Poet*\n\n```\nindented\n```\n",
)
MANIFESTS = (
    {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "type": "Collection",
        "id": "https://example.org/c",
        "items": [
            {"type": "Manifest", "id": "https://example.org/m"},
            {
                "type": "Manifest",
                "label": {"en": ["A"], "fr": ["B"]},
                "summary": {"none": ["<p>C</p>"]},
                "metadata": [{"label": {"en": ["Artist"]}, "value": {"en": ["D"]}}],
                "requiredStatement": {"value": {"en": ["E"]}},
                "rights": "F",
                "items": [{"items": [{"items": [{"body": {
                    "type": "Choice",
                    "items": [{"type": "Image", "id": "G", "width": 9, "service": [
                        {"id": "H", "type": "ImageService3", "profile": "level1"}]}],
                }}]}]}],
            },
        ],
    },
    {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "sc:Manifest",
        "label": [{"@value": "A", "@language": "en"}],
        "metadata": [{"label": "Date", "value": ["1857"]}],
        "attribution": "B",
        "sequences": [{"canvases": [{"images": [{"resource": {
            "@id": "C", "@type": "dctypes:Image", "service": {
                "@context": "http://iiif.io/api/image/2/context.json", "@id": "D",
                "profile": ["http://iiif.io/api/image/2/level0.json", {}],
                "sizes": [{"width": 3, "height": 4}]}}}]}]}],
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One parser."""

    parse: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def _in_a_file(read: Callable[[Path], object], name: str) -> Callable[[bytes], None]:
    """For a reader that wants a path. The same file is written anew each time."""

    @cache
    def folder() -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="fuzz-")

    def parse(data: bytes) -> None:
        path = Path(folder().name, name)
        path.write_bytes(data)
        try:
            read(path)
        except KnownError as error:
            assert error.sentence

    return parse


def _poem_folder(data: bytes) -> None:
    """Files of one folder, with a zero byte between them."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number, part in enumerate(data.split(b"\x00")[:6]):
            suffix = (".txt", ".md", ".xml")[number % 3]
            Path(folder, f"poem{number}{suffix}").write_bytes(part)
        try:
            read_poems(Path(folder))
        except KnownError as error:
            assert error.sentence


def _text(data: bytes) -> None:
    try:
        text = decode(data).text
    except ValueError:
        return
    parse_text("fuzz.txt", text)


def _markdown(data: bytes) -> None:
    try:
        text = decode(data).text
    except ValueError:
        return
    parse_markdown("fuzz.md", text)


def _iiif(data: bytes) -> None:
    try:
        found = iiif.read(parse_json(decode(data).text), ("fr", "en"))
    except ValueError:
        return
    members = found.members if isinstance(found, iiif.Collection) else (found,)
    for one in members:
        if isinstance(one, iiif.Manifest):
            assert all(isinstance(cell, str) for cell in one.cells.values())


def _archive(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        path, inside = Path(place, "a.bin"), Path(place, "one", "two")
        inside.mkdir(parents=True)
        path.write_bytes(data)
        try:
            unpack(path, inside, frozenset((".jpg", ".csv")))
        except KnownError as error:
            assert error.sentence
        assert {one.name for one in Path(place).iterdir()} == {"a.bin", "one"}
        assert [one.name for one in Path(place, "one").iterdir()] == ["two"]


def _archives() -> Iterator[bytes]:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a/b.jpg", b"x" * 50)
        made.writestr("../c.jpg", b"y")
    yield buffer.getvalue()
    for mode in ("w", "w:gz", "w:xz"):
        buffer = BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as tar:  # type: ignore[call-overload]
            for name in ("a/b.jpg", "é" * 60 + ".csv"):
                info = tarfile.TarInfo(name)
                info.size = 5
                tar.addfile(info, BytesIO(b"12345"))
        yield buffer.getvalue()


def _files(folder: Path, pattern: str, most: int = 40) -> Callable[[], Iterator[bytes]]:
    return lambda: (path.read_bytes() for path in sorted(folder.rglob(pattern))[:most])


TARGETS = {
    "tei": Target(_in_a_file(read_tei, "fuzz.xml"), lambda: iter([TEI])),
    "text": Target(_text, _files(POEMS, "*.txt")),
    "markdown": Target(_markdown, lambda: iter(MARKDOWN)),
    "poem-folder": Target(_poem_folder, lambda: iter([b"\x00".join((*MARKDOWN, TEI))])),
    "iiif": Target(_iiif, lambda: (json.dumps(one).encode() for one in MANIFESTS)),
    "json": Target(_in_a_file(read_artworks, "fuzz.json"), _files(EXPORTS, "*.json")),
    "table": Target(_in_a_file(read_artworks, "fuzz.csv"), _files(EXPORTS, "*.[ct]sv")),
    "archive": Target(_archive, _archives),
}
