"""Which voice speaks which language."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.speech.synthesiser import SynthesisError, Voice

# What poems are labelled with, and what synthesisers call the same language.
_ALSO_CALLED = {"zh": "cmn", "no": "nb", "iw": "he", "in": "id"}


NO_VOICE = "There is no voice for the language {!r}; install one, or leave such texts unspoken."


class NoVoiceError(SynthesisError):
    """No voice of a synthesiser speaks the language. A wrong voice would be worse than none."""

    def __init__(self, language: str) -> None:
        super().__init__(NO_VOICE.format(language))
        self.language = language


def voice_for(voices: Sequence[Voice], language: str, preferred: str = "") -> Voice | None:
    """As `choose_voice`, but raises NoVoiceError where other languages are spoken and not this.

    None where no voice tells its language (some of Windows): the library's own default speaks.
    """
    voice = choose_voice(voices, language, preferred)
    if voice is None and any(voice.languages for voice in voices):
        raise NoVoiceError(language)
    return voice


def choose_voice(voices: Sequence[Voice], language: str, preferred: str = "") -> Voice | None:
    """The voice for a BCP 47 language: `preferred` if it speaks it, else the nearest; or None.

    Nearest: the very language, then the plain voice of the same language (`en` for `en-NZ`), then
    any of its regions. A poem in French is never read by an English voice because somebody chose
    that voice: the voice follows the language.
    """
    wanted = language.lower().replace("_", "-")
    primary = wanted.split("-", maxsplit=1)[0]
    names = {primary, _ALSO_CALLED.get(primary, primary)}

    def speaks(voice: Voice) -> bool:
        return any(code.split("-", maxsplit=1)[0] in names for code in voice.languages)

    able = [voice for voice in voices if speaks(voice)]
    for voice in able:
        if voice.id == preferred:
            return voice

    def distance(voice: Voice) -> tuple[bool, bool, int]:
        tail = voice.id.lower().rsplit("/", maxsplit=1)[-1]  # espeak-ng: "gmw/en", "gmw/en-us"
        exact = tail == wanted or wanted in voice.languages
        return (not exact, tail not in names, len(tail))

    return min(able, key=distance, default=None)
