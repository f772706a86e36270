"""The child process that holds piper: one JSON line in, one wav written, one JSON line out.

Run as a script by `piper_synthesiser`, with the folder of voices as its argument; it imports
nothing of the kiosk. A voice is two files, `NAME.onnx` and `NAME.onnx.json`. The last voice used
stays loaded; a model takes about a second to load and 150 MB.
"""

from __future__ import annotations

import json
import os
import sys
import wave
from pathlib import Path
from typing import Any


class Talker:
    """Piper with the voices of one folder."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from piper import PiperVoice, SynthesisConfig

        onnxruntime.set_default_logger_severity(3)
        self._config = SynthesisConfig
        self._load = PiperVoice.load
        self._folder = folder
        self._loaded: tuple[str, Any] | None = None

    def voices(self) -> list[dict[str, Any]]:
        """Each whole voice's name and language; half a voice is none."""
        found = []
        for model in sorted(self._folder.glob("*.onnx")):
            try:
                about = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
                code = str(about["language"]["code"] if "language" in about else "")
                code = code or about["espeak"]["voice"]
            except (OSError, ValueError, KeyError, TypeError):
                continue
            language = code.replace("_", "-").lower()
            name = f"Piper {model.stem}"
            found.append({"id": model.stem, "name": name, "languages": [language]})
        return found

    def speak(self, text: str, voice: str, stretch: float, path: str) -> None:
        """Writes the text as a wav."""
        if self._loaded is None or self._loaded[0] != voice:
            self._loaded = None
            self._loaded = voice, self._load(self._folder / f"{voice}.onnx")
        model = self._loaded[1]
        with wave.open(path, "wb") as file:
            config = self._config(length_scale=model.config.length_scale * stretch)
            model.synthesize_wav(text, file, syn_config=config)


def main() -> None:
    """Answers questions until the parent closes the pipe."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def answer(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    try:
        talker = Talker(Path(sys.argv[1]))
    except Exception as error:  # whatever is wrong with the library, the parent must hear of it
        answer({"fatal": f"{type(error).__name__}: {error}"})
        return
    answer({"ready": True})
    for line in sys.stdin:
        question = json.loads(line)
        reply: dict[str, Any] = {"id": question["id"], "ok": True}
        try:
            if question["do"] == "voices":
                reply["voices"] = talker.voices()
            else:
                talker.speak(
                    question["text"], question["voice"], question["stretch"], question["path"]
                )
        except Exception as error:
            reply = {"id": question["id"], "ok": False, "error": f"{type(error).__name__}: {error}"}
        answer(reply)


if __name__ == "__main__":
    main()
