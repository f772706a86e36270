"""Why a poem was chosen, in one spoken sentence. Pure; the words are the catalogue's."""

from __future__ import annotations

from kiosk.cards import MatchedPoem
from kiosk.words.catalogue import Words
from kiosk.words.marked import foreign

SUBJECT = "subject"
_AT_THE_END = " ,;:—–-"  # what a line taken out of its sentence no longer needs


def why_said(poem: MatchedPoem, words: Words) -> str:
    """What picture and poem share, and the line that answers best, in its own language.

    "" where nobody has looked for it yet, and where nothing stands out: no reason is better than
    one that is not so.
    """
    reason = poem.reason
    if reason is None:
        return ""
    subjects = [
        words(f"concept-{one.key}")
        for one in reason.shared
        if one.kind == SUBJECT and words.has(f"concept-{one.key}")
    ]
    others = [
        words("why-shared", what=words(f"concept-{one.key}"))
        for one in reason.shared
        if one.kind != SUBJECT and words.has(f"concept-{one.key}")
    ]
    shared = _shared(subjects[:2], others[:1], words)
    line = _line(poem, reason.line)
    if not line:
        return words("sentence", text=shared) if shared else ""
    best = words("why-line", line=foreign(line, poem.language))
    return words("sentence", text=words("why-both", shared=shared, line=best) if shared else best)


def _shared(subjects: list[str], others: list[str], words: Words) -> str:
    """What both speak of, and what is in both."""
    if not subjects:
        return others[0] if others else ""
    both = subjects[0]
    if len(subjects) > 1:
        both = words("why-two", one=subjects[0], other=subjects[1])
    if not others:
        return words("why-subjects", subjects=both)
    return words("why-subjects-and", subjects=both, other=others[0])


def _line(poem: MatchedPoem, index: int | None) -> str:
    """The line without the stops of the sentence that it was taken from."""
    if index is None or not 0 <= index < len(poem.lines):
        return ""
    return poem.lines[index].strip().rstrip(_AT_THE_END)
