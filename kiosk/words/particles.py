"""Korean particles, which follow the sound that a word ends with: 을 after a consonant, else 를.

The sound of a Hangul syllable is in its code. Of a digit it is that of its Korean name, of a Latin
letter what it commonly is when a Korean reads the word.
"""

from __future__ import annotations

_FIRST, _LAST, _CODAS = 0xAC00, 0xD7A3, 28
_RIEUL = 8  # the final consonant after which 로 stands, not 으로
_DIGITS = {"0": "영", "1": "일", "2": "이", "3": "삼", "4": "사", "5": "오"} | {
    "6": "육", "7": "칠", "8": "팔", "9": "구"
}  # fmt: skip
_LETTERS = {"l": "일", "m": "임", "n": "인", "r": "알", "b": "입", "c": "윽", "k": "윽", "p": "입"}


def particle(word: str, form: str) -> str:
    """`word` with its particle; `form` is "consonant/vowel": "을/를", "이/가", "으로/로"."""
    after_consonant, after_vowel = form.split("/")
    coda = _coda(word)
    if coda == _RIEUL and after_vowel == "로":
        coda = 0
    return word + (after_consonant if coda else after_vowel)


def _coda(word: str) -> int:
    """The final consonant that is heard, as Unicode counts them; 0 for a vowel."""
    for sign in reversed(word):
        if _FIRST <= ord(sign) <= _LAST:
            return (ord(sign) - _FIRST) % _CODAS
        if sign in _DIGITS:
            return _coda(_DIGITS[sign])
        if sign.isalpha():
            return _coda(_LETTERS.get(sign.lower(), "이"))
    return 0
