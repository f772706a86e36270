"""The child process that holds pyttsx3: one JSON line in, one wav written, one JSON line out.

Run as a script by `pyttsx3_synthesiser`; it imports nothing of the kiosk, so that it starts fast.

pyttsx3 2.99 is used in the one way that works every time:
1. one `save_to_file` and one `runAndWait` for each line, on one thread, with the engine kept in a
   variable for as long as it lives;
2. a wait for `finished-utterance`, since `runAndWait` returns while the file is being written;
3. a wait until espeak-ng is idle after voice or rate were set. Setting them is work for its own
   thread, and `runAndWait` cancels whatever it finds under way: without the wait, one line in ten
   came out empty or cut short, and on a busy machine one in thousands at the pace of before;
4. a look at what was written; a line that was cancelled all the same is done again here;
5. espeak-ng told to take phonemes between double brackets, which pyttsx3 does not ask for. What is
   printed never holds any (`verse` takes brackets out); the lexicon puts them in.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import tempfile
import threading
import time
import wave
from pathlib import Path
from typing import Any, TextIO

_FINISH_LIMIT_S = 60.0  # the parent's own limit is shorter; this one only ends an orphan
_SETTLE_LIMIT_S = 1.0
_TRIES = 3
_ESPEAK_PHONEMES = 0x100  # espeakPHONEMES of speak_lib.h


class Talker:
    """pyttsx3 with the waits that it needs."""

    def __init__(self) -> None:
        import pyttsx3

        self._engine: Any = pyttsx3.init()
        _take_phonemes()
        self._finished = threading.Event()
        self._completed = True
        self._errors: list[str] = []
        self._engine.connect("finished-utterance", self._on_finished)
        self._engine.connect("error", self._on_error)
        with tempfile.TemporaryDirectory(prefix="ekphrasis-voice-") as folder:
            # Before its first words espeak-ng takes no rate, and may forget one that was set.
            self._save("a", str(Path(folder) / "first.wav"))

    def _on_finished(self, name: str | None, completed: bool) -> None:
        del name
        self._completed = self._completed and completed
        self._finished.set()

    def _on_error(self, name: str | None, exception: Exception) -> None:
        del name
        self._errors.append(str(exception))
        self._finished.set()

    def voices(self) -> list[dict[str, Any]]:
        """Each voice's id, name and languages, as the library tells them."""
        return [
            {
                "id": voice.id,
                "name": voice.name,
                "languages": [_text(code) for code in voice.languages or []],
            }
            for voice in self._engine.getProperty("voices")
        ]

    def speak(self, text: str, voice: str, rate: int, path: str) -> None:
        """Writes the text as a wav; returns when it is whole. Raises RuntimeError."""
        for _ in range(_TRIES):
            if voice:
                self._engine.setProperty("voice", voice)
            self._engine.setProperty("rate", rate)
            self._settle(rate)
            self._save(text, path)
            if self._errors:
                raise RuntimeError("; ".join(self._errors))
            with wave.open(path, "rb") as written:
                if self._completed and written.getnframes():
                    return
        raise RuntimeError("the library wrote an empty file")

    def _save(self, text: str, path: str) -> None:
        """One run of the library. Raises RuntimeError when it does not finish."""
        self._errors.clear()
        self._finished.clear()
        self._completed = True
        self._engine.save_to_file(text, path)
        self._engine.runAndWait()
        if not self._finished.wait(_FINISH_LIMIT_S):
            raise RuntimeError("the library did not finish")

    def _settle(self, rate: int) -> None:
        """Waits until espeak-ng, where it is the library in use, is idle and has taken the rate."""
        espeak: Any = sys.modules.get("pyttsx3.drivers._espeak")
        end = time.monotonic() + _SETTLE_LIMIT_S
        while espeak is not None and time.monotonic() < end:
            # Asked of the library itself: pyttsx3 leaves out that the present value is meant.
            taken = espeak.dll.espeak_GetParameter(espeak.RATE, 1) == rate
            if taken and not espeak.IsPlaying():
                return
            time.sleep(0.001)


def _take_phonemes() -> None:
    espeak: Any = sys.modules.get("pyttsx3.drivers._espeak")
    if espeak is None:
        return  # another library
    synthesise = espeak.Synth

    def with_phonemes(text: bytes, *, flags: int) -> Any:
        return synthesise(text, flags=flags | _ESPEAK_PHONEMES)

    espeak.Synth = with_phonemes


def _text(code: str | bytes) -> str:
    plain = code.decode(errors="ignore") if isinstance(code, bytes) else code
    return plain.strip("\x00\x05 ").lower()


def _questions() -> queue.Queue[str]:
    """Lines from the parent. When it is gone we leave at once, even from a library that hangs."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _answer(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


def main() -> None:
    """Answers questions until the parent closes the pipe."""
    # The library prints; what it prints must not be taken for an answer.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lines = _questions()
    try:
        talker = Talker()
    except Exception as error:  # whatever is wrong with the library, the parent must hear of it
        _answer(out, {"fatal": f"{type(error).__name__}: {error}"})
        return
    _answer(out, {"ready": True})
    while True:
        question = json.loads(lines.get())
        reply: dict[str, Any] = {"id": question["id"], "ok": True}
        try:
            if question["do"] == "voices":
                reply["voices"] = talker.voices()
            else:
                talker.speak(
                    question["text"], question["voice"], question["rate"], question["path"]
                )
        except Exception as error:
            reply = {"id": question["id"], "ok": False, "error": f"{type(error).__name__}: {error}"}
        _answer(out, reply)


if __name__ == "__main__":
    main()
