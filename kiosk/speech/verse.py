"""What a synthesiser should be given so that verse is spoken rightly. The screen never shows it.

Voices read prose. Left alone, espeak-ng says "tee aitch expense", "asterisk asterisk asterisk",
"heevn" for heav'n, "hopped" for hop'd, "bless'd" for blessèd, and spells IT in "IT is an ancient
Mariner". Each rule below was found by listening to what it says of the line as printed.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans(
    dict.fromkeys("’ʼ´`", "'") | dict.fromkeys("“”„‟«»「」『』", '"') | dict.fromkeys("‹›", "'")
)

# he'd, they'd: "had" or "would", not an elided -ed.
_WOULD = r"(?:i|he|she|it|we|you|ye|they|thou|who|that|there|what|this|how|where|why)"

# In this order; each is tried on the whole line, upper or lower case.
_ENGLISH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\bth'\s*(?=[a-z])", "the "),  # th' expense, th'inconstant
        (r"\bt'\s+(?=[a-z])", "to "),  # t' have
        (r"\bi'\s*(?=th)", "in "),  # i' the
        (r"\bo'\s+(?=[a-z])", "of "),  # o' the; not o'er, o'clock
        (r"\bwi'(?![a-z])", "with"),
        (r"\b(al)?tho'(?![a-z])", r"\1though"),
        (r"\bthro'(?![a-z])", "through"),
        (r"\be'en\b", "even"),
        (r"(?<=[a-z])'r(?=s?\b)", "er"),  # flow'rs, pow'r
        (r"(?<=[a-z]{2})'n(?=s?\b)", "en"),  # heav'n, giv'n
        (rf"\b(?!{_WOULD}'d)([a-z']+)'d\b", r"\1ed"),  # hop'd, banish'd
        (r"(?<=[a-z])[èé]d\b", "id"),  # blessèd: two syllables
        (r"'twere\b", "'twur"),  # espeak-ng says "tweer"
    )
)

# The edition's line number: parted from the verse as a margin is, or in brackets.
_NUMBER_AFTER = re.compile(r"(?:(?:\s{2,}|\t)\(?\d{1,4}\)?|\s*\[\d{1,4}\])$")
_NUMBER_BEFORE = re.compile(r"^\s*(?:\(?\d{1,4}\)?(?:\s{2,}|\t)|\[\d{1,4}\]\s*)(?=\S)")
_MARKS = re.compile(r"[_*~#|<>\[\]{}\\^=+]+")  # italics, ornaments, rules; never meant aloud
_DASHES = re.compile(r"\s*(?:[—–―]|-{2,}|(?<=\s)-(?=\s|$))[\s—–―-]*")
_DOTS = re.compile(r"(?:\.\s*){2,}|…+")
_ROMAN = re.compile(r"\b(?=[IVXLC]{2,}\b)(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b\.?")
# "Sonnet I: …", but never "a song I sing": what follows the numeral closes it.
_ROMAN_FIRST = re.compile(
    r"\b(Sonnet|Book|Canto|Part|Chapter|Act|Scene|Psalm|Ode|Song|Elegy)\s+([IVXLC])(?=[.:;]|\s*$)"
)
_ROMAN_ALONE = re.compile(r"(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\.?")
_CAPITAL_START = re.compile(r"^(\W*)([A-Z]{2,})(?=\W+[A-Za-z]*[a-z])")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def spoken_form(text: str, language: str = "en") -> str:
    """One line or sentence as it is given to a synthesiser; empty where nothing is to be said."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    text = _NUMBER_BEFORE.sub("", _NUMBER_AFTER.sub("", text.rstrip()))
    text = _MARKS.sub(" ", text)
    text = _DOTS.sub(lambda dots: ", " if dots.end() < len(text) else ".", text)
    text = _DASHES.sub(", ", text)
    if language.lower().split("-", maxsplit=1)[0] == "en":
        text = _english(text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    text = re.sub(r"([,.;:!?])(?:\s*[,.])+", r"\1", text).lstrip(",.;: ")
    return text if any(character.isalnum() for character in text) else ""


def _english(text: str) -> str:
    bare = text.strip()
    if bare != "I" and _ROMAN_ALONE.fullmatch(bare):  # the number of a section
        return f"{_value(bare)}."
    text = _ROMAN_FIRST.sub(lambda part: f"{part[1]} {_value(part[2])}", text)
    text = _ROMAN.sub(lambda numeral: f"{_value(numeral[0])}", text)
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) > 1 and all(word.isupper() for word in words):
        text = text.lower()
    text = _CAPITAL_START.sub(lambda start: start[1] + start[2].capitalize(), text)
    for pattern, spoken in _ENGLISH:
        text = pattern.sub(spoken, text)
    return text


def _value(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral.rstrip(".")]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))
