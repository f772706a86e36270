"""The International Phonetic Alphabet, as espeak-ng's English voices can say it.

espeak-ng takes phonemes between double brackets, in mnemonics of its own. The table holds those of
its English voices that it was heard to give back as the very IPA they were made from; a sound
that English lacks has no entry, and a lexicon that uses one is told so.
"""

from __future__ import annotations

# Longest first: a diphthong is one sound and not two.
MNEMONICS: dict[str, str] = {
    "eɪ": "eI", "aɪ": "aI", "ɔɪ": "OI", "əʊ": "oU", "oʊ": "oU", "aʊ": "aU", "iə": "i@", "eə": "e@",
    "ʊə": "U@", "iː": "i:", "ɑː": "A:", "ɔː": "O:", "uː": "u:", "ɜː": "3:", "tʃ": "tS", "dʒ": "dZ",
    "ɪ": "I", "i": "i", "ɛ": "E", "a": "a", "æ": "a", "ɒ": "0", "ʊ": "U", "ʌ": "V", "ə": "@",
    "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "g": "g", "f": "f", "v": "v",
    "θ": "T", "ð": "D", "s": "s", "z": "z", "ʃ": "S", "ʒ": "Z", "h": "h", "m": "m", "n": "n",
    "ŋ": "N", "l": "l", "ɹ": "r", "r": "r", "j": "j", "w": "w", "x": "x",
    "ˈ": "'", "ˌ": ",", " ": "||",
}  # fmt: skip

_SIBILANTS = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ", "x")


def sounds(ipa: str) -> list[str]:
    """The IPA as its sounds and stress marks. Raises ValueError naming what cannot be said."""
    found: list[str] = []
    rest = ipa
    while rest:
        sound = rest[:2] if rest[:2] in MNEMONICS else rest[0]
        if sound not in MNEMONICS:
            raise ValueError(f"{sound!r} is no sound of the English voices")
        found.append(sound)
        rest = rest[len(sound) :]
    return found


def espeak_mnemonics(ipa: str) -> str:
    """What espeak-ng takes between double brackets. Raises ValueError as `sounds`."""
    return "".join(MNEMONICS[sound] for sound in sounds(ipa))


def possessive(ipa: str) -> str:
    """The same word with the possessive's s: /s/, /z/ or a syllable of its own."""
    if ipa.endswith(_SIBILANTS):
        return ipa + "ɪz"
    return ipa + ("s" if ipa.endswith(_VOICELESS) else "z")
