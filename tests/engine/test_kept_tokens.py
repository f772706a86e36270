"""Readings are kept, found again, bounded; and nothing that is damaged is ever believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kept_tokens import KeptTokens
from engine.types import PassageTokens

WIDTH, DIMENSIONS = 8, 4


class Reader:
    """Reads a text as its letters; remembers what it was asked for."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.about: list[str] = []

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = ()) -> list[PassageTokens]:
        self.read += texts
        self.about += subjects
        return [reading(text) for text in texts]


def reading(text: str) -> PassageTokens:
    tokens = np.array([[ord(letter) % 97 + at for at in range(WIDTH)] for letter in text])
    return PassageTokens(
        tokens.reshape(len(text), WIDTH).astype(np.float32),
        np.full(DIMENSIONS, len(text) / 8, np.float32),
        np.full((len(text.split()) - 1, DIMENSIONS), len(text) / 16, np.float32),
    )


def check(found: list[PassageTokens], texts: Sequence[str]) -> None:
    assert len(found) == len(texts)
    for one, text in zip(found, texts, strict=True):
        assert (one.tokens.dtype, one.vector.dtype) == (np.float16, np.float32)
        assert one.lines.dtype == np.float16
        np.testing.assert_array_equal(one.lines, reading(text).lines)
        np.testing.assert_array_equal(one.tokens, reading(text).tokens)
        np.testing.assert_array_equal(one.vector, reading(text).vector)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def open_kept(tmp_path: Path, reader: Reader) -> Callable[..., KeptTokens]:
    def made(fingerprint: str = "one", bound: int = 1_000_000) -> KeptTokens:
        return KeptTokens(reader, tmp_path / "tokens", fingerprint, bound=bound)

    return made


def test_a_passage_is_read_once(open_kept: Callable[..., KeptTokens], reader: Reader) -> None:
    kept = open_kept()
    check(kept.tokens(["sea", "moon", "sea"]), ["sea", "moon", "sea"])
    check(kept.tokens(["moon", "gold"]), ["moon", "gold"])
    check(open_kept().tokens(["gold", "sea"]), ["gold", "sea"])
    assert reader.read == ["sea", "moon", "gold"]
    assert len(kept) == 3


def test_two_processes_share_a_folder(open_kept: Callable[..., KeptTokens], reader: Reader) -> None:
    one, other = open_kept(), open_kept()
    one.tokens(["sea"])
    other.tokens(["sea", "moon"])
    check(one.tokens(["moon", "gold"]), ["moon", "gold"])
    check(other.tokens(["gold"]), ["gold"])
    assert reader.read == ["sea", "moon", "gold"]


def test_another_bundle_begins_anew(open_kept: Callable[..., KeptTokens], reader: Reader) -> None:
    open_kept().tokens(["sea"])
    check(open_kept("two").tokens(["sea"]), ["sea"])
    assert reader.read == ["sea", "sea"]
    assert len(open_kept("one")) == 0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(["meta.json", "entries", "readings"]),
    at=st.floats(0, 1, exclude_max=True),
    how=st.sampled_from(["flip", "cut", "remove", "empty"]),
)
def test_what_is_damaged_is_read_anew(tmp_path: Path, name: str, at: float, how: str) -> None:
    folder = tmp_path / "tokens"
    texts = ["sea", "moon", "gold", "a dog runs"]
    for old in folder.glob("*"):
        old.unlink()
    KeptTokens(Reader(), folder, "one").tokens(texts)
    file = folder / name
    raw = bytearray(file.read_bytes())
    if how == "flip":
        raw[int(at * len(raw))] ^= 0x55
    file.write_bytes(b"" if how == "empty" else bytes(raw[: int(at * len(raw))]))
    if how == "flip":
        file.write_bytes(bytes(raw))
    if how == "remove":
        file.unlink()
    kept = KeptTokens(Reader(), folder, "one")
    check(kept.tokens(texts), texts)
    check(kept.tokens([*texts, "snow"]), [*texts, "snow"])
    last = Reader()
    check(KeptTokens(last, folder, "one").tokens(texts), texts)
    assert last.read == [], "what was read anew is kept again"


def test_other_subjects_are_another_reading(
    open_kept: Callable[..., KeptTokens], reader: Reader
) -> None:
    kept = open_kept()
    kept.tokens(["sea", "moon"], subjects=["storm", ""])
    kept.tokens(["sea", "moon"], subjects=["storm", ""])
    kept.tokens(["sea", "moon"])
    assert list(zip(reader.read, reader.about, strict=True)) == [
        ("sea", "storm"),
        ("moon", ""),
        ("sea", ""),
    ]


def test_who_comes_second_answers_with_what_the_first_has_kept(
    open_kept: Callable[..., KeptTokens], tmp_path: Path
) -> None:
    """Two processes read the same at the same time, and differ by rounding."""
    first = open_kept()

    class Slow(Reader):
        def tokens(
            self, texts: Sequence[str], *, subjects: Sequence[str] = ()
        ) -> list[PassageTokens]:
            first.tokens(texts)
            read = super().tokens(texts)
            return [
                PassageTokens(one.tokens, one.vector + np.float32(1e-7), one.lines) for one in read
            ]

    second = KeptTokens(Slow(), tmp_path / "tokens", "one")
    check(second.tokens(["sea", "snow"]), ["sea", "snow"])


def test_the_older_half_goes(open_kept: Callable[..., KeptTokens], tmp_path: Path) -> None:
    size = 2 * 4 * WIDTH + 4 * DIMENSIONS
    kept = open_kept(bound=10 * size)
    texts = [f"{number:04}" for number in range(25)]
    for text in texts:
        check(kept.tokens([text]), [text])
        assert (tmp_path / "tokens" / "readings").stat().st_size <= 10 * size
    assert 5 <= len(kept) <= 10
    fresh = Reader()
    check(KeptTokens(fresh, tmp_path / "tokens", "one").tokens(texts[-5:]), texts[-5:])
    assert fresh.read == []


def test_nothing_is_kept_without_room(
    open_kept: Callable[..., KeptTokens], reader: Reader, tmp_path: Path
) -> None:
    kept = open_kept(bound=0)
    check(kept.tokens(["sea"]), ["sea"])
    check(kept.tokens(["sea"]), ["sea"])
    assert reader.read == ["sea", "sea"]
    assert not (tmp_path / "tokens").exists()


def test_a_disk_that_cannot_be_written_to(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "tokens").write_text("a file where the folder should be")
    kept = KeptTokens(reader, tmp_path / "tokens", "one")
    check(kept.tokens(["sea", "moon"]), ["sea", "moon"])
    check(kept.tokens(["sea"]), ["sea"])
    assert reader.read == ["sea", "moon", "sea"]
