"""What somebody types is cleaned as an import cleans it, and can be taken back."""

from __future__ import annotations

import pytest

from engine.errors import InputError
from kiosk.collections.editing import edit, restore, with_lines
from kiosk.collections.passages import cut
from kiosk.store.database import Store
from kiosk.store.records import ArtworkDraft, Kind, PoemDraft

TEXT = "one\n  two\n\nthree"


@pytest.fixture
def poem(store: Store) -> int:
    draft = PoemDraft("Wave", "Anna", TEXT, source="a book", extra={"Note": "n"})
    return store.poems.add(draft, cut(TEXT))


def test_lines_are_counted_as_a_reader_counts_them() -> None:
    assert with_lines(TEXT, [(3, "trois "), (2, "  deux")]) == "one\n  deux\n\ntrois"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ((0, "x"), "no line 0; the poem has the lines 1 to 3"),
        ((4, "x"), "no line 4"),
        ((1, " "), "must stay one line"),
        ((1, "a\nb"), "must stay one line"),
    ],
)
def test_what_is_no_line_is_refused(line: tuple[int, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        with_lines(TEXT, [line])


def test_values_are_cleaned(store: Store, poem: int) -> None:
    made = edit(
        store,
        Kind.POEM,
        poem,
        {
            "title": "  The \n Waves ",
            "died": "1880",
            "language": "Korean",
            "source": "",
            "text": "\r\none\r\n\r\ntwo  \n",
            "extra.Note": " ",
        },
        "Mira",
    )
    assert made is not None
    assert made.after == {
        "title": "The Waves",
        "died": 1880,
        "language": "ko",
        "source": "",
        "text": "one\n\ntwo",
        "extra.Note": None,
    }


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"title": " "}, "title of a poem cannot be empty"),
        ({"text": "\n\n"}, "text of a poem cannot be empty"),
        ({"born": "about 1800"}, "not a plain year"),
        ({"language": "Elvish"}, "not a code"),
        ({"title": "\udcff"}, "half a character"),
    ],
)
def test_what_is_no_value_changes_nothing(
    store: Store, poem: int, wanted: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        edit(store, Kind.POEM, poem, {"source": "x", **wanted}, "Mira")
    assert store.history.of(Kind.POEM, poem) == []


def test_back_and_forth(store: Store, poem: int) -> None:
    first = edit(store, Kind.POEM, poem, {"title": "Waves"}, "Mira")
    second = edit(store, Kind.POEM, poem, {"title": "Sea", "text": "x"}, "Mira")
    assert first is not None
    assert second is not None
    to, back = restore(store, first.id, "Bo", before=True)
    assert back is not None
    assert (to, back.who, back.why) == (first, "Bo", "back to before change 1")
    assert back.after == {"title": "Wave", "text": TEXT}
    found = store.poems.get(poem)
    assert found is not None
    assert (found.title, found.text, found.source) == ("Wave", TEXT, "a book")
    _, forth = restore(store, second.id, "Bo")
    assert forth is not None
    assert forth.after == {"title": "Sea", "text": "x"}
    assert restore(store, second.id, "Bo")[1] is None, "it is so already"
    assert len(store.history.of(Kind.POEM, poem)) == 4


def test_there_is_no_way_back_to_nowhere(store: Store, poem: int) -> None:
    with pytest.raises(InputError, match="no change 7"):
        restore(store, 7, "Bo")
    made = edit(store, Kind.POEM, poem, {"title": "Waves"}, "Mira")
    assert made is not None
    store.poems.delete(poem)
    with pytest.raises(InputError, match=f"poem {poem} is not in the store any more"):
        restore(store, made.id, "Bo")


def test_a_picture_that_is_gone_does_not_come_back(store: Store) -> None:
    work = store.artworks.add(ArtworkDraft("Sea", image="pictures/old.png"))
    made = store.history.change(
        Kind.ARTWORK, work, {"image": "pictures/new.png"}, who="Mira", cut=cut
    )
    assert made is not None
    with pytest.raises(InputError, match=r"pictures/old\.png\) is not there any more; nothing"):
        restore(store, made.id, "Bo", before=True)
    (store.path.parent / "pictures").mkdir()
    (store.path.parent / "pictures" / "old.png").touch()
    assert restore(store, made.id, "Bo", before=True)[1] is not None
