"""Several synthesisers as one: when the chosen one fails, another speaks the line.

1. The synthesiser that has the voice asked for comes first, then the others in their order.
2. One that has no voice for a segment's language is passed over: the voice follows the language.
3. One that failed for good rests for `REST_S`, so that a hang does not cost every line its time
   limit; when all rest, all are tried again. Silence is the last resort, and the speaker's.
4. What a visitor should know is said by the voice that goes on, just before the line, once: that
   the voice has changed, until the first has come back; that there is no voice for a language,
   once in a narration. A cache may stand in front, so that not every segment comes by here: a
   narration is taken to begin at an announcement, at a title, or after `APART_S` without a line.

Which segment carried a notice is remembered, since a line may be asked for again (the visitor
changed the pace before it was heard) and must bring its notice again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kiosk.narration import Segment, SegmentKind
from kiosk.speech.dressing import level, resample
from kiosk.speech.languages import language_name
from kiosk.speech.silence_synthesiser import SilenceSynthesiser
from kiosk.speech.synthesiser import (
    SpeechSettings,
    Synthesiser,
    SynthesisError,
    Utterance,
    Voice,
    Wanted,
    always,
)
from kiosk.speech.voices import NoVoiceError

REST_S = 60.0
APART_S = 30.0  # no line takes so long
NOTICE_GAP_S = 0.4  # between what is said for the visitor and the line
OTHER_VOICE = "The voice has failed. Another voice goes on."
NO_LANGUAGE = "There is no voice for {} here; the text is shown on the screen."
STOOD_IN = "{} {} speaks instead."
NOT_INSTALLED = (
    "The voice {!r} is not installed; the nearest one speaks. Choose another voice in the settings."
)


@dataclass(frozen=True, slots=True)
class Member:
    """One synthesiser and its name for people."""

    name: str
    synthesiser: Synthesiser


class VoiceChain:
    """A `Synthesiser` made of others, the chosen one first."""

    def __init__(
        self,
        members: Sequence[Member],
        *,
        language: str = "en",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`language` is the kiosk's own, in which notices are said. Raises ValueError if empty."""
        if not members:
            raise ValueError("a chain needs a synthesiser")
        self._members = tuple(members)
        self._language = language
        self._clock = clock
        self._rests_until: dict[str, float] = {}  # by a member's name
        self._spoke: set[str] = set()  # members that were heard
        self._told_change: Segment | None = None  # the segment that said that the voice changed
        self._told_language: dict[str, tuple[Segment, float]] = {}  # and when last met
        self._told_missing: set[str] = set()  # voices that staff were told are not there

    def voices(self) -> Sequence[Voice]:
        """Those of all members. Raises SynthesisError when no member can tell any."""
        found: list[Voice] = []
        first: SynthesisError | None = None
        for member in self._members:
            try:
                found.extend(member.synthesiser.voices())
            except SynthesisError as error:
                first = first or error
        if not found and first is not None:
            raise first
        return tuple(found)

    def synthesise(
        self, segment: Segment, settings: SpeechSettings, wanted: Wanted = always
    ) -> Utterance:
        """The segment by the first voice that can. Raises SynthesisError when none can."""
        if segment.kind is SegmentKind.ANNOUNCEMENT:
            self._told_language.clear()
        owner = self._owner(settings.voice)
        ranked = sorted(self._members, key=lambda member: member is not owner)
        resting = [member for member in ranked if self._rests(member)]
        failures: list[str] = []
        unvoiced: SynthesisError | None = None
        for member in [*(m for m in ranked if m not in resting), *resting]:
            try:
                utterance = member.synthesiser.synthesise(segment, settings, wanted)
            except NoVoiceError as error:
                unvoiced = error
            except SynthesisError as error:
                failures.append(error.sentence)
                self._let_rest(member)
            else:
                lost = [m for m in ranked[: ranked.index(member)] if self._rests(m)]
                if lost:
                    stood_in = STOOD_IN.format(failures[0], member.name) if failures else ""
                    utterance = replace(utterance, problem=stood_in, lasting=False)
                    return self._tell_change(segment, settings, member, lost, utterance, wanted)
                self._told_change = None
                self._spoke.add(member.name)
                self._rests_until.pop(member.name, None)
                missing = "" if owner else self._missing(settings.voice)
                return replace(utterance, problem=missing) if missing else utterance
        if unvoiced is not None:
            return self._without_voice(segment, settings, ranked, unvoiced, wanted)
        raise SynthesisError(failures[0])

    def close(self) -> None:
        """Closes every member."""
        for member in self._members:
            member.synthesiser.close()

    def _rests(self, member: Member) -> bool:
        return self._clock() < self._rests_until.get(member.name, float("-inf"))

    def _let_rest(self, member: Member) -> None:
        self._rests_until[member.name] = self._clock() + REST_S

    def _owner(self, voice: str) -> Member | None:
        """The member that has this voice; None for "" and for a voice that nobody has."""
        for member in self._members if voice else ():
            try:
                if any(voice == known.id for known in member.synthesiser.voices()):
                    return member
            except SynthesisError:
                continue
        return None

    def _missing(self, voice: str) -> str:
        """For staff, once: that the voice in the settings is not there."""
        if not voice or voice in self._told_missing:
            return ""
        self._told_missing.add(voice)
        return NOT_INSTALLED.format(voice)

    def _tell_change(
        self,
        segment: Segment,
        settings: SpeechSettings,
        member: Member,
        lost: Sequence[Member],
        utterance: Utterance,
        wanted: Wanted,
    ) -> Utterance:
        """With the words, once, that the voice has changed; a voice never heard is not missed."""
        known = any(other.name in self._spoke for other in lost)
        if not known or self._told_change not in (None, segment) or not utterance.samples.size:
            return utterance
        self._told_change = segment
        notice = self._notice(OTHER_VOICE, settings, member.synthesiser, wanted)
        return _joined(notice, utterance) if notice is not None else utterance

    def _without_voice(
        self,
        segment: Segment,
        settings: SpeechSettings,
        ranked: Sequence[Member],
        unvoiced: SynthesisError,
        wanted: Wanted,
    ) -> Utterance:
        """Silence in place of a wrong voice; told once in a narration."""
        silence = SilenceSynthesiser().synthesise(segment, settings)
        told_by, met = self._told_language.get(segment.language, (segment, 0.0))
        now = self._clock()
        if told_by != segment and segment.kind is not SegmentKind.TITLE and now - met < APART_S:
            self._told_language[segment.language] = told_by, now
            return replace(silence, lasting=False)
        self._told_language[segment.language] = segment, now
        sentence = NO_LANGUAGE.format(language_name(segment.language))
        notices = (self._notice(sentence, settings, m.synthesiser, wanted) for m in ranked)
        told = next((notice for notice in notices if notice is not None), silence)
        return replace(told, problem=unvoiced.sentence, lasting=False)

    def _notice(
        self, sentence: str, settings: SpeechSettings, synthesiser: Synthesiser, wanted: Wanted
    ) -> Utterance | None:
        """Something the kiosk itself has to say; None where this synthesiser cannot."""
        segment = Segment("notice", SegmentKind.ANNOUNCEMENT, sentence, self._language)
        try:
            return synthesiser.synthesise(segment, settings, wanted)
        except SynthesisError:
            return None


def _joined(notice: Utterance, line: Utterance) -> Utterance:
    """One after the other, equally loud, since they may come from two voices."""
    first = level(resample(notice.samples, notice.rate, line.rate), line.rate)
    gap = np.zeros(round(NOTICE_GAP_S * line.rate), np.float32)
    shift = (first.size + gap.size) / line.rate
    words = tuple(replace(word, at_s=word.at_s + shift) for word in line.words)
    samples = np.concatenate([first, gap, level(line.samples, line.rate)])
    return replace(line, samples=samples, words=words)
