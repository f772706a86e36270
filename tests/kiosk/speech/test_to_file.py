"""`--speak`: all poems into one wav, faster than they could be heard; and what doctor finds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

from engine.errors import KnownError
from kiosk.narration import SpokenPoem, announce, narrate_poem
from kiosk.speech.findings import describe_voices, find_voice
from kiosk.speech.pyttsx3_synthesiser import Pyttsx3Synthesiser
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.sound_out import open_player, open_sound
from kiosk.speech.speaker import Speaker
from kiosk.speech.synthesiser import SpeechSettings
from kiosk.speech.to_file import speak_to_file


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def test_all_poems_are_spoken_faster_than_one_could_listen(
    tmp_path: Path, sonnet: SpokenPoem, wind: SpokenPoem
) -> None:
    poems = [narrate_poem(poem, rank=n, total=2) for n, poem in enumerate((sonnet, wind), start=1)]
    begin = time.monotonic()
    speak_to_file(poems, tmp_path / "new" / "poems.wav", SpeechSettings())
    took = time.monotonic() - begin
    length = seconds(tmp_path / "new" / "poems.wav")
    assert 35 < length < 90
    assert took < length / 2


def test_a_path_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(KnownError, match="cannot be written"):
        speak_to_file([announce("Hello.")], tmp_path / "folder.wav", SpeechSettings())


def test_without_a_voice_a_silent_file_is_no_success(tmp_path: Path) -> None:
    voice = Pyttsx3Synthesiser(command=[str(tmp_path / "nothing")])
    with pytest.raises(KnownError, match="espeak-ng"):
        speak_to_file([announce("Hello.")], tmp_path / "x.wav", SpeechSettings(), synthesiser=voice)


def test_what_doctor_says_of_voices(tmp_path: Path) -> None:
    there = describe_voices("en")
    assert there.ok
    assert "'en'" in there.sentence
    found = find_voice("ko")
    assert found is not None
    assert "ko" in found.languages[0]
    foreign = describe_voices("tlh")
    assert not foreign.ok
    assert "'tlh'" in foreign.sentence
    assert "install" in foreign.sentence
    none = describe_voices("en", SilenceSynthesiser())
    assert not none.ok
    assert "apt-get install espeak-ng" in none.sentence
    broken = Pyttsx3Synthesiser(command=[str(tmp_path / "nothing")])
    assert not describe_voices("en", broken).ok


@pytest.mark.skipif(
    Path("/proc/asound/pcm").exists() and Path("/proc/asound/pcm").read_text() != "",
    reason="this machine has a sound card",
)
def test_a_machine_without_a_sound_card_says_so_and_goes_on(tmp_path: Path) -> None:
    code = (
        "from PySide6.QtCore import QCoreApplication\n"
        "app = QCoreApplication([])\n"
        "from kiosk.speech.findings import describe_sound_out\n"
        "from kiosk.speech.sound_out import open_sound\n"
        "from kiosk.speech.synthesiser import SpeechSettings\n"
        "print(describe_sound_out().ok, describe_sound_out().sentence)\n"
        "sound = open_sound(SpeechSettings())\n"
        "print(sound.audible, sound.sentence)\n"
    )
    environment = os.environ | {
        "PULSE_SERVER": f"unix:{tmp_path}/nobody",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    first, second = done.stdout.strip().splitlines()
    assert first.startswith("False There is no sound device; connect")
    assert second.startswith("False There is no sound device; connect")


def test_a_recording_is_kept_at_the_pace_of_time(tmp_path: Path) -> None:
    sound = open_sound(SpeechSettings(), tmp_path / "visit.wav")
    assert not sound.audible
    assert "visit.wav" in sound.sentence
    speaker = Speaker(Pyttsx3Synthesiser(), sound.player, lambda event: None)
    speaker.wait(0)
    begin = time.monotonic()
    speaker.say(announce("This takes as long as it would take to hear it."))
    assert speaker.wait(20)
    took = time.monotonic() - begin
    speaker.close()
    assert seconds(tmp_path / "visit.wav") <= took < seconds(tmp_path / "visit.wav") + 3
    assert open_player(SpeechSettings(), tmp_path / "visit.wav") is not None
