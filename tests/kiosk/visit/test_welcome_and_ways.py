"""The door: languages, the invitation, ways to choose."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import pytest

from kiosk.events import (
    Apply,
    ArtworksLoaded,
    HeadsetPlugged,
    Reset,
    Say,
    Search,
    Tick,
    VoicesKnown,
)
from kiosk.preferences import Preferences
from kiosk.screens import (
    ChooseScreen,
    DialScreen,
    WelcomeScreen,
)
from kiosk.session import Session
from kiosk.speech.pyttsx3_synthesiser import WORDS_PER_MINUTE
from kiosk.stages import (
    Languages,
    Ways,
    Welcoming,
)
from kiosk.words.catalogue import LANGUAGES, words_in
from tests.kiosk.hand import Hand, key, said, shown
from tests.kiosk.visitor import VOICES, WAVE, WORKS

AT_MOST_SECONDS = 3.0  # of the attract speech, and until what to press was said


def test_within_three_seconds_one_hears_what_this_is_and_what_to_press() -> None:
    for event in (key("select"), key("louder"), HeadsetPlugged()):
        actions = Hand().happen(event)
        first = next(a for a in actions if isinstance(a, Say)).narration.segments[0]
        assert first.text.startswith("Poems for paintings. Press Enter.")
        saying = [isinstance(action, Say) for action in actions]
        assert saying.index(True) < len(actions) - 1 or len(actions) == 1
        assert isinstance(shown(actions), WelcomeScreen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_and_the_first_words_are_as_short_with_a_real_voice(
    language: str, tmp_path: Path
) -> None:
    words = words_in(language)
    pace = str(WORDS_PER_MINUTE)
    for text in (words("attract"), words("welcome", select=words("key-enter"))):
        file = tmp_path / "said.wav"
        subprocess.run(["espeak-ng", "-v", language, "-s", pace, "-w", str(file), text], check=True)
        with wave.open(str(file)) as sound:
            assert sound.getnframes() / sound.getframerate() <= AT_MOST_SECONDS, text


def test_only_languages_with_a_voice_are_offered_each_in_its_own() -> None:
    hand = Hand()
    greeting = next(a for a in hand.do("select") if isinstance(a, Say)).narration
    assert [s.language for s in greeting.segments] == ["en", "ko", "en"]
    assert shown(hand.last).offers == ("한국어: 왼쪽 화살표.",)  # type: ignore[attr-defined]
    hand.happen(VoicesKnown(VOICES[:1]))
    assert "한국어" not in said(hand.do("back"))
    assert isinstance(hand.session.stage, Welcoming)
    hand.do("previous")
    assert isinstance(hand.session.stage, Welcoming)  # nothing to choose from


def test_a_language_holds_for_the_visit_and_no_longer() -> None:
    hand = Hand()
    hand.do("select", "previous")
    assert isinstance(hand.session.stage, Languages)
    applied = hand.do("select")
    assert Apply(Preferences(language="ko")) in applied
    assert "한국어" not in said(applied)
    assert "English: left arrow." in said(applied)
    assert shown(hand.do("select")).place == "그림 3점 중 1번째"  # type: ignore[attr-defined]
    hand.finish()
    hand.happen(Tick(100.0))
    assert "아직 계신가요?" in said(hand.last)
    hand.finish()
    ended = hand.happen(Tick(20.0))
    assert Apply(Preferences()) in ended
    assert ended.index(Reset(2)) < ended.index(Apply(Preferences()))
    goodbye = next(a for a in ended if isinstance(a, Say)).narration
    assert {s.language for s in goodbye.segments} == {"ko"}
    assert "Ekphrasis" in shown(ended).heading  # type: ignore[attr-defined]


def test_an_invitation_is_rare_short_and_can_be_off() -> None:
    quiet = Hand()
    assert said(quiet.happen(Tick(100_000.0))) == ""
    inviting = Hand(Session(attract_seconds=600.0))
    assert said(inviting.happen(Tick(599.0))) == ""
    text = said(inviting.happen(Tick(1.0)))
    assert text == "Poems for paintings. Press any key."
    inviting.finish()
    assert said(inviting.happen(Tick(599.0))) == ""
    assert inviting.session.visit_id == 1


def test_ways_are_offered_only_where_they_lead_somewhere() -> None:
    hand = Hand()
    hand.do("select", "next")
    items = [item.label for item in shown(hand.last).items]  # type: ignore[attr-defined]
    assert "What is near me" in items
    bare = Hand()
    bare.happen(VoicesKnown(()))
    bare.happen(ArtworksLoaded((WORKS[2],)))
    bare.do("select", "next")
    items = [item.label for item in shown(bare.last).items]  # type: ignore[attr-defined]
    assert items == [
        "From the list of all paintings",
        "By the number on the wall label",
        "Show a picture to the camera",
        "Settings",
    ]


@pytest.mark.parametrize(("way", "name"), [("By artist", "Pieter"), ("What is near", "North")])
def test_a_part_of_the_collection_leads_to_its_works(way: str, name: str) -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose(way)
    assert "1 work" in said(hand.last)
    hand.choose(name)
    screen = shown(hand.last)
    assert isinstance(screen, ChooseScreen)
    assert [work.id for work in screen.artworks] == [12]
    assert "Painting 1 of 1" in said(hand.last)
    assert Search(1, 12) in hand.do("select")
    hand.do("back", "back", "back")
    assert isinstance(hand.session.stage, Ways)


def test_the_wheel_of_digits_clears_one_digit_at_a_time() -> None:
    hand = Hand()
    hand.do("select", "next")
    hand.choose("By the number")
    hand.do("select")
    screen = shown(hand.last)
    assert isinstance(screen, DialScreen)
    assert (screen.dialled, screen.digit, screen.artwork) == ("1", "", WAVE)
    hand.do("next", "next", "next", "next", "select")
    assert "No painting has the number 1 4" in said(hand.last)
    assert shown(hand.last).artwork is None  # type: ignore[attr-defined]
    assert "Left: 1" in said(hand.do("back"))
    assert "Left: nothing" in said(hand.do("back"))
    hand.do("back")
    assert isinstance(hand.session.stage, Ways)
