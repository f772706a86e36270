"""Each export that is known, in its own shape, comes out as works. See `exports/README.md`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.collections.artwork_reading import read_artworks
from kiosk.collections.guessing import known_exports
from kiosk.collections.mapping import ALL_FIELDS
from kiosk.collections.rows import Row

EXPORTS = Path(__file__).with_name("exports")
WORKS = {
    "met.csv": [
        {
            "number": "1.1",
            "title": "The Great Wave off Kanagawa",
            "artist": "Katsushika Hokusai",
            "date": "ca. 1830–32",
            "room": "231",
            "source": "http://example.org/art/11",
            "licence": "Public domain",
        },
        {
            "number": "1.2",
            "title": "Print",
            "artist": "Winslow Homer, Harper's Weekly",
            "date": "1865",
            "source": "http://example.org/art/12",
            "licence": "Public domain",
        },
        {
            "number": "1.3",
            "title": "A Late Work",
            "artist": "Someone Living",
            "date": "1999",
            "source": "http://example.org/art/13",
            "rights_holder": "© Someone Living",
        },
    ],
    "moma.csv": [
        {
            "number": "472.1",
            "title": "The Starry Night",
            "artist": "Vincent van Gogh",
            "date": "1889",
            "image": "https://example.org/2.jpg",
            "room": "Floor 5, 501",
            "source": "https://example.org/works/2",
        }
    ],
    "moma.json": [
        {
            "number": "472.1",
            "title": "The Starry Night",
            "artist": "Vincent van Gogh",
            "date": "1889",
            "image": "https://example.org/2.jpg",
            "room": "Floor 5, 501",
            "source": "https://example.org/works/2",
        },
        {
            "number": "3.1",
            "title": "Two Hands",
            "artist": "First Maker, Second Maker",
            "date": "1900",
        },
    ],
    "nga/objects.csv": [
        {
            "number": "1942.9.1",
            "title": "Woman Holding a Balance",
            "artist": "Johannes Vermeer",
            "date": "c. 1664",
            "description": "A woman in a blue jacket stands at a table, and holds a small balance.",
            "image": "https://example.org/iiif/aa-3/full/!1024,1024/0/default.jpg",
            "room": "M-050A",
        },
        {
            "number": "1942.9.2",
            "title": "The Feast of the Gods",
            "artist": "Giovanni Bellini",
            "date": "1514/1529",
            "description": "Gods and nymphs feast in a wood.",
            "image": "https://example.org/iiif/bb-1/full/!1024,1024/0/default.jpg",
        },
        {
            "number": "1942.9.3",
            "title": "Without a Picture",
            "artist": "A. Nobody",
            "date": "1700",
            "room": "M-050A",
        },
    ],
    "aic.json": [
        {
            "number": "1880.1",
            "title": "Priest and Boy",
            "artist": "Lawrence Carmichael Earle",
            "date": "n.d.",
            "description": "A priest leads a boy by the hand.",
            "image": "https://www.artic.edu/iiif/2/ab-12/full/843,/0/default.jpg",
            "source": "https://www.artic.edu/artworks/4",
            "licence": "Public domain",
        },
        {
            "number": "1880.2",
            "title": "With a Description",
            "artist": "Someone Else, His Pupil",
            "date": "1870",
            "description": "Two boats lie on a grey beach & wait.\n\nA third sails.",
            "room": "Gallery 201",
            "source": "https://www.artic.edu/artworks/5",
            "rights_holder": "© Someone Else",
        },
    ],
    "tate": [
        {
            "number": "A00001",
            "title": "A Figure Bowing before a Seated Old Man",
            "artist": "Robert Blake",
            "date": "date not known",
            "image": "http://example.org/A00001_8.jpg",
            "source": "http://example.org/a00001",
        },
        {
            "number": "A00002",
            "title": "Two Drawings",
            "artist": "Robert Blake, William Blake",
            "date": "c. 1785",
            "source": "http://example.org/a00002",
        },
    ],
    "tate/a00001-1035.json": [
        {
            "number": "A00001",
            "title": "A Figure Bowing before a Seated Old Man",
            "artist": "Robert Blake",
            "date": "date not known",
            "image": "http://example.org/A00001_8.jpg",
            "source": "http://example.org/a00001",
        }
    ],
    "tate.csv": [
        {
            "number": "A00001",
            "title": "A Figure Bowing before a Seated Old Man",
            "artist": "Robert Blake",
            "date": "date not known",
            "image": "http://example.org/A00001_8.jpg",
            "source": "http://example.org/a00001",
        }
    ],
    "omeka-s.csv": [
        {
            "number": "P-9",
            "title": "The Gleaners",
            "artist": "Jean-François Millet",
            "date": "1857",
            "description": "Three women bend over a mown field.",
            "image": "https://example.org/files/original/9.jpg",
            "licence": "https://creativecommons.org/publicdomain/mark/1.0/",
            "rights_holder": "A museum",
        }
    ],
    "omeka-s.json": [
        {
            "number": "P-9",
            "title": "Des glaneuses",
            "artist": "Jean-François Millet",
            "date": "1857",
            "description": "Three women bend over a mown field.",
            "language": "fr",
            "image": "https://example.org/files/large/9.jpg",
            "source": "https://example.org/api/items/9",
            "licence": "Public Domain Mark",
        }
    ],
    "collectiveaccess.tsv": [
        {
            "number": "1889.4",
            "title": "The Fighting Temeraire",
            "artist": "J. M. W. Turner",
            "date": "1839",
            "description": "A ship of the line is towed by a steam tug, at sunset.",
            "room": "Room 34",
            "image": "https://example.org/media/4.jpg",
        }
    ],
    "tropy.json": [
        {
            "number": "2005.1",
            "title": "Veduta di Castel Sant'Angelo",
            "artist": "Eugène Constant",
            "date": "1848",
            "description": "A round castle stands above a bridge.",
            "image": "/home/someone/Pictures/castel.jpg",
            "source": "A collection",
            "licence": "Public domain",
        }
    ],
    "tropy.csv": [
        {
            "title": "Veduta di Castel Sant'Angelo",
            "artist": "Eugène Constant",
            "date": "1848",
            "description": "A round castle stands above a bridge.",
            "image": "/home/someone/Pictures/castel.jpg",
        }
    ],
}


@pytest.mark.parametrize("name", WORKS)
def test_an_export_is_read_as_works(name: str) -> None:
    table = read_artworks(EXPORTS / name).table
    found = [
        {field: text for field in ALL_FIELDS if (text := _cell(row, field))} for row in table.rows
    ]
    assert found == WORKS[name]
    assert any("read as an export of" in note for note in table.notes)


def _cell(row: Row, field: str) -> str:
    """A picture that is only an address stands beside the others; see `with_pictures`."""
    return row.cells.get(field, "") or (row.cells.get("image_address", "") * (field == "image"))


def test_what_no_field_takes_is_kept() -> None:
    wave = read_artworks(EXPORTS / "met.csv").table.rows[0].cells
    assert (wave["Medium"], wave["Tags"]) == ("Woodblock print", "Waves|Boats")
    late = read_artworks(EXPORTS / "met.csv").table.rows[2].cells
    assert late["Is Public Domain"] == "False"  # it says something, though no field takes it
    assert "Title" not in wave


def test_every_known_export_has_a_title_and_is_told_apart() -> None:
    assert len({export.name for export in known_exports()}) == len(known_exports())
    for export in known_exports():
        assert set(export.mapping.fields) <= set(ALL_FIELDS)
        assert "title" in export.mapping.fields
        assert export.recognised_by
