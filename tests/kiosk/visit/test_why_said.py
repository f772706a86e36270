"""One honest sentence in each language: built from what the engine found, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Reason, Shared
from engine.explaining import concepts
from kiosk.cards import MatchedPoem
from kiosk.narration import SegmentKind, narrate_paragraphs
from kiosk.visit.why_said import why_said
from kiosk.words.catalogue import LANGUAGES, words_in
from kiosk.words.marked import plain
from tests.kiosk.visitor import BEACH, MOTHER


def shared(*keys: str) -> tuple[Shared, ...]:
    return tuple(Shared(key, concepts()[key].kind, 0.1, 0.05) for key in keys)


def said(reason: Reason | None, language: str = "en", poem: MatchedPoem = BEACH) -> str:
    return plain(why_said(replace(poem, reason=reason), words_in(language)))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason(shared=shared("sea")), "Both speak of the sea."),
        (Reason(shared=shared("sea", "boat")), "Both speak of the sea and of boats."),
        (Reason(shared=shared("calm")), "In both there is calm."),
        (
            Reason(shared=shared("moon", "blue")),
            "Both speak of the moon, and in both there is blue.",
        ),
        (
            Reason(1, 0.5),
            "The line that answers the picture best is: “The tide is full, the moon lies fair”.",
        ),
        (
            Reason(0, 0.5, shared("sea", "moon", "calm")),
            "Both speak of the sea and of the moon, and in both there is calm; "
            "the line that answers the picture best is: “The sea is calm tonight.”",
        ),
    ],
)
def test_the_sentence_says_what_was_found(reason: Reason, sentence: str) -> None:
    assert said(reason) == sentence


def test_nothing_is_said_where_nothing_was_found() -> None:
    assert said(None) == said(Reason()) == ""
    assert said(Reason(line=99)) == ""


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (("sea",), "그림과 시가 모두 바다를 이야기합니다."),
        (("moon",), "그림과 시가 모두 달을 이야기합니다."),
        (("sea", "moon"), "그림과 시가 모두 바다와 달을 이야기합니다."),
        (("moon", "boat"), "그림과 시가 모두 달과 배를 이야기합니다."),
        (("calm",), "그림과 시 모두에 고요함이 있습니다."),
        (
            ("sea", "sorrow"),
            "그림과 시가 모두 바다를 이야기하고, 그림과 시 모두에 슬픔이 있습니다.",
        ),
        (("loneliness",), "그림과 시 모두에 외로움이 있습니다."),
    ],
)
def test_korean_particles_follow_the_last_sound(keys: tuple[str, ...], sentence: str) -> None:
    assert said(Reason(shared=shared(*keys)), "ko") == sentence


def test_spanish() -> None:
    assert said(Reason(shared=shared("sea", "boat", "calm")), "es") == (
        "El cuadro y el poema evocan el mar y los barcos, y en ambos hay calma."
    )
    assert said(Reason(0, 0.4), "es") == (
        "El verso que mejor responde al cuadro es: «The sea is calm tonight.»"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_is_a_segment_in_the_poems_own_language(language: str) -> None:
    poem = replace(MOTHER, reason=Reason(1, 0.5, shared("river")))
    segments = narrate_paragraphs([why_said(poem, words_in(language))], language=language).segments
    assert {segment.kind for segment in segments} == {SegmentKind.ANNOUNCEMENT}
    lines = [segment for segment in segments if MOTHER.lines[1] in segment.text]
    assert [line.language for line in lines] == ["ko"]
    if language != "ko":
        assert [segment.language for segment in segments] == [language, "ko"]


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    keys=st.lists(st.sampled_from(sorted(concepts())), unique=True, max_size=4), line=st.booleans()
)
def test_every_concept_makes_a_sentence(language: str, keys: list[str], line: bool) -> None:
    sentence = said(Reason(0 if line else None, 0.5, shared(*keys)), language)
    assert bool(sentence) == bool(keys or line)
    if sentence:
        assert sentence[0] == sentence[0].upper()
        assert sentence.count(".") <= 1 + line
        assert "{" not in sentence
        assert "  " not in sentence
