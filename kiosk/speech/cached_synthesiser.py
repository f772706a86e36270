"""A synthesiser that asks another one only for what has not been spoken before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence

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


def render_ahead(
    narrations: Iterable[Narration],
    synthesiser: CachedSynthesiser,
    settings: SpeechSettings,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Speaks into the cache whatever is not there yet; how many lines that were.

    What comes first is rendered first; after an interruption the next call goes on where this one
    stopped. `progress` is told (done, in all). Raises SynthesisError when a line cannot be spoken
    at all; all before it are kept.
    """
    wanted: dict[tuple[str, str], Segment] = {}
    for narration in narrations:
        for segment in narration.segments:
            if not synthesiser.holds(segment, settings):
                wanted.setdefault((segment.text, segment.language), segment)
    done = 0
    for done, segment in enumerate(wanted.values(), start=1):
        utterance = synthesiser.synthesise(segment, settings)
        if utterance.problem and not utterance.lasting:  # a stand-in spoke; it is not kept
            raise SynthesisError(utterance.problem)
        if progress is not None:
            progress(done, len(wanted))
    return done
