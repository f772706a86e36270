"""A synthesiser that asks another one only for what has not been spoken before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kiosk.config import Settings
from kiosk.narration import Narration, Segment
from kiosk.speech.speech_cache import SpeechCache
from kiosk.speech.synthesiser import (
    SpeechSettings,
    Synthesiser,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.speech.synthesisers import open_lexicon, open_synthesiser
from kiosk.speech.verse import spoken_form
from kiosk.speech.voices import NoVoiceError, voice_for

_KEY_VERSION = 1  # raise it when what a synthesiser is given for the same text changes


def open_cached(settings: Settings) -> CachedSynthesiser:
    """The synthesiser of the settings with the machine's cache in front. Starts nothing yet."""
    cache = SpeechCache(settings.cache_dir / "speech", bound=settings.speech_cache_mb * 1_000_000)
    lexicon = open_lexicon(settings).fingerprint
    identity = f"{settings.synthesiser} {settings.language} {lexicon}"
    return CachedSynthesiser(open_synthesiser(settings), cache, identity)


class CachedSynthesiser:
    """A `Synthesiser` around another. What is kept never starts the other's child process."""

    def __init__(self, synthesiser: Synthesiser, cache: SpeechCache, identity: str) -> None:
        """`identity` names the synthesiser and all that changes how it says the same words."""
        self._synthesiser = synthesiser
        self._cache = cache
        self._identity = identity

    def voices(self) -> Sequence[Voice]:
        """The other's."""
        return self._synthesiser.voices()

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """From the cache, or else spoken and kept. Raises as the other does."""
        key = self._key(segment, settings)
        if key is None:
            return self._synthesiser.synthesise(segment, settings, wanted)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        utterance = self._synthesiser.synthesise(segment, settings, wanted)
        if utterance.lasting and not utterance.problem and utterance.samples.size:
            self._cache.put(key, utterance)
        return utterance

    def holds(self, segment: Segment, settings: SpeechSettings) -> bool:
        """Whether nothing has to be synthesised for it."""
        key = self._key(segment, settings)
        return key is None or self._cache.has(key)

    def size(self) -> int:
        """Bytes that its cache holds."""
        return self._cache.size()

    def close(self) -> None:
        """Closes the other."""
        self._synthesiser.close()

    def _key(self, segment: Segment, settings: SpeechSettings) -> str | None:
        """None where there is nothing to be said. The volume is no part of it."""
        text = spoken_form(segment.text, segment.language)
        if not text:
            return None
        parts = [
            _KEY_VERSION,
            self._identity,
            text,
            segment.language.lower(),
            settings.voice,
            round(settings.speed, 3),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of rendering ahead."""

    spoken: int  # lines that are in the cache now and were not before
    languages: tuple[str, ...] = ()  # those that no voice speaks; their lines were left out


def render_ahead(
    narrations: Iterable[Narration],
    synthesiser: CachedSynthesiser,
    settings: SpeechSettings,
    progress: Callable[[int, int], None] | None = None,
) -> Rendered:
    """Speaks into the cache whatever is not there yet.

    What comes first is rendered first; after an interruption the next call goes on where this one
    stopped. `progress` is told (done, in all). Lines in a language that no voice
    speaks are left out. Raises SynthesisError when a line cannot be spoken, or only by a stand-in;
    all before it are kept.
    """
    wanted: dict[tuple[str, str], Segment] = {}
    for narration in narrations:
        for segment in narration.segments:
            if not synthesiser.holds(segment, settings):
                wanted.setdefault((segment.text, segment.language), segment)
    unvoiced: set[str] = set()
    if wanted:
        voices = synthesiser.voices()
        for language in {language for _, language in wanted}:
            try:
                voice_for(voices, language)
            except NoVoiceError:
                unvoiced.add(language)
    lines = [segment for segment in wanted.values() if segment.language not in unvoiced]
    for done, segment in enumerate(lines, start=1):
        utterance = synthesiser.synthesise(segment, settings)
        if utterance.problem and not utterance.lasting:  # a stand-in spoke; it is not kept
            raise SynthesisError(utterance.problem)
        if progress is not None:
            progress(done, len(lines))
    return Rendered(len(lines), tuple(sorted(unvoiced)))
