"""The starter anthology: what must hold for every poem in `data/poems`.

Each rule is a function that returns complaints, so that the same rule can be shown to fail on a
bad sample and then be held against the real files.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

POEMS = Path(__file__).resolve().parents[2] / "data" / "poems"
SUBJECTS = frozenset((POEMS.parent / "subjects.txt").read_text(encoding="utf-8").splitlines())
REQUIRED = ("title", "poet", "born", "died", "language", "source", "licence", "checked", "subjects")
WOMEN = frozenset(
    [
        "Alice Meynell",
        "Amy Lowell",
        "Anne Brontë",
        "Anne Bradstreet",
        "Christina Rossetti",
        "Dora Sigerson Shorter",
        "E. Pauline Johnson",
        "Edna St. Vincent Millay",
        "Elizabeth Barrett Browning",
        "Ella Wheeler Wilcox",
        "Emily Brontë",
        "Emily Dickinson",
        "Emma Lazarus",
        "Enid Derham",
        "Frances E. W. Harper",
        "Helen Maria Williams",
        "Jean Blewett",
        "Jean Ingelow",
        "Juliana Horatia Ewing",
        "Kate Greenaway",
        "Laurence Hope",
        "Lola Ridge",
        "Louisa May Alcott",
        "Margaret Steele Anderson",
        "Rosanna Eleanor Leprohon",
        "Sara Teasdale",
        "Sarojini Naidu",
        "Susan Coolidge",
        "Susanna Moodie",
        "Theodosia Garrison",
        "Toru Dutt",
        "Virna Sheard",
    ]
)
# Poets from outside Britain and the United States.
FROM_ELSEWHERE = frozenset(
    [
        "Archibald Lampman",
        "Banjo Paterson",
        "Bliss Carman",
        "Charles Sangster",
        "Claude McKay",
        "Dora Sigerson Shorter",
        "Duncan Campbell Scott",
        "E. Pauline Johnson",
        "Enid Derham",
        "Fernando Pessoa",
        "Francis Ledwidge",
        "Fujiwara no Ietaka",
        "George William Russell",
        "Henry Kendall",
        "Henry Lawson",
        "James Joyce",
        "James Stephens",
        "Jean Blewett",
        "Johann Wolfgang von Goethe",
        "John McCrae",
        "Li Po",
        "Michelangelo Buonarroti",
        "Rosanna Eleanor Leprohon",
        "Sarojini Naidu",
        "Toru Dutt",
        "Virna Sheard",
        "William Butler Yeats",
    ]
)
HUNG_OFTEN = [
    "sea",
    "snow",
    "harvest",
    "portrait",
    "mother and child",
    "flowers",
    "city",
    "night",
    "war",
    "myth",
    "animal",
    "grief",
    "dance",
    "music",
    "garden",
    "winter",
    "river",
    "moon",
    "ship",
    "work",
    "childhood",
    "old age",
    "faith",
    "ruin",
    "bird",
    "horse",
    "window",
    "market",
    "train",
]
LAST_YEAR_OF_DEATH = 1954
LONGEST_LINE = 90

# Text that was UTF-8 and was read as something else, or lost a character altogether.
MOJIBAKE = re.compile("\ufffd|â€|Ã.|Â[\u0080-\u00bf]|ï»¿|\ufeff")
# One convention: straight apostrophes and quotation marks, dashes as one em dash without spaces.
OTHER_PUNCTUATION = re.compile("[\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2026`\u00b4]|--| — ")


@dataclass(frozen=True)
class Sample:
    name: str
    text: str

    @property
    def header(self) -> dict[str, str]:
        head = self.text.partition("\n\n")[0]
        return dict(line.split(": ", 1) for line in head.split("\n") if ": " in line)

    @property
    def body(self) -> str:
        return self.text.partition("\n\n")[2]


def slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def headers(poem: Sample) -> list[str]:
    head = poem.text.partition("\n\n")[0].split("\n")
    complaints = [
        f"not a header line: {line}" for line in head if not re.match(r"[a-z-]+: \S", line)
    ]
    complaints += [f"no {key}" for key in REQUIRED if not poem.header.get(key)]
    keys = [line.split(":")[0] for line in head]
    complaints += [f"{key} stands twice" for key, n in Counter(keys).items() if n > 1]
    if "translator" in poem.header:
        complaints += [
            f"no {key}"
            for key in ("translator-born", "translator-died")
            if not poem.header.get(key)
        ]
    if not poem.body.strip():
        complaints.append("no poem")
    return complaints


def years(poem: Sample) -> list[str]:
    complaints = []
    for who in ("", "translator-"):
        if who and "translator" not in poem.header:
            continue
        born, died = poem.header.get(f"{who}born", ""), poem.header.get(f"{who}died", "")
        if not (born.isdigit() and died.isdigit()):
            complaints.append(f"{who}born and {who}died are not years")
        elif int(died) > LAST_YEAR_OF_DEATH:
            complaints.append(f"{who}died in {died}, after {LAST_YEAR_OF_DEATH}")
        elif not 15 <= int(died) - int(born) <= 100:
            complaints.append(f"a life from {born} to {died}?")
    return complaints


def characters(poem: Sample) -> list[str]:
    complaints = []
    if found := MOJIBAKE.search(poem.text):
        complaints.append(f"mojibake: {found.group()!r}")
    if found := OTHER_PUNCTUATION.search(poem.body):
        complaints.append(f"against the convention: {found.group()!r}")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"} for c in poem.text if c != "\n"):
        complaints.append("a control character or a tab")
    if unicodedata.normalize("NFC", poem.text) != poem.text:
        complaints.append("not NFC")
    return complaints


def layout(poem: Sample) -> list[str]:
    complaints = []
    for line in poem.body.split("\n"):
        if line != line.strip():
            complaints.append(f"blanks around: {line!r}")
        if len(line) > LONGEST_LINE:
            complaints.append(f"longer than {LONGEST_LINE}: {line!r}")
        if "  " in line:
            complaints.append(f"a wide gap: {line!r}")
        if re.fullmatch(r"[IVXL]+\.?|\d+\.?|[*. ]+", line):
            complaints.append(f"a number or an ornament, no verse: {line!r}")
    if "\n\n\n" in poem.text:
        complaints.append("more than one blank line")
    if not poem.text.endswith("\n") or poem.text.endswith("\n\n"):
        complaints.append("does not end with one newline")
    return complaints


def file_name(poem: Sample) -> list[str]:
    # Titles and poets in other letters carry a name in Latin ones, for the file alone.
    title = poem.header.get("title-roman", poem.header.get("title", ""))
    author = poem.header.get("poet-roman", poem.header.get("poet", ""))
    tail = "-" + slug(title)
    if not poem.name.endswith(tail + ".txt"):
        return [f"the name does not end with {tail}.txt"]
    poet = poem.name.removesuffix(tail + ".txt").split("-")
    if not set(poet) <= set(slug(author).split("-")):
        return [f"the name begins with {'-'.join(poet)}, the poet is {author}"]
    return []


def subjects(poem: Sample) -> list[str]:
    """Each from the list, and each once."""
    words = poem.header.get("subjects", "").split("; ")
    complaints = [f"not in subjects.txt: {word!r}" for word in words if word not in SUBJECTS]
    return complaints + [f"{word} stands twice" for word, n in Counter(words).items() if n > 1]


def gloss(poem: Sample) -> list[str]:
    """The model reads English: what is in another language says in English what it shows."""
    told = poem.header.get("gloss", "")
    if poem.header.get("language") == "en":
        return ["a poem in English needs no gloss"] if told else []
    if not 8 <= len(told.split()) <= 80:
        return [f"a gloss of {len(told.split())} words"]
    return []


RULES = (headers, years, characters, layout, file_name, subjects, gloss)

GOOD = Sample(
    "morris-pomona.txt",
    "title: Pomona\npoet: William Morris\nborn: 1834\ndied: 1896\nlanguage: en\nsource: here\n"
    "licence: public domain\n"
    "checked: matches\nsubjects: fruit; apple\n\n"
    "I am the ancient Apple-Queen,\nAs once I was so am I now.\n\nAh, where's the river?\n",
)


@pytest.fixture(scope="module")
def anthology() -> list[Sample]:
    return [Sample(p.name, p.read_text(encoding="utf-8")) for p in sorted(POEMS.glob("*.txt"))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_poem_keeps_the_rule(rule, anthology):
    complaints = {poem.name: found for poem in anthology if (found := rule(poem))}
    assert not complaints


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_sample_passes(rule):
    assert rule(GOOD) == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        (headers, "checked: matches\n", ""),
        (headers, "language: en", "language:"),
        (headers, "language: en", "language: en\npoet: Somebody Else"),
        (headers, "language: en", "language: en\ntranslator: Nobody Known"),
        (headers, "source: here", "source here"),
        (headers, "licence: public domain\n", ""),
        (headers, GOOD.body, ""),
        (years, "died: 1896", "died: 1955"),
        (years, "born: 1834", "born: about 1834"),
        (years, "born: 1834", "born: 1734"),
        (
            years,
            "language: en",
            "language: en\ntranslator: A\ntranslator-born: 1900\ntranslator-died: 1960",
        ),
        (characters, "where's", "where\ufffds"),
        (characters, "where's", "whereâ€™s"),
        (characters, "Queen", "QuÃ¨en"),
        (characters, "where's", "where’s"),
        (characters, "river?", "river -- ?"),
        (characters, "river?", "river — gone?"),
        (characters, "ancient", "an\x0ccient"),
        (characters, "ancient", "ancient\t"),
        (characters, "ancient", "ancie\u0301nt"),
        (characters, "ancient", "anc\u00adient"),
        (layout, "Queen,", "Queen, "),
        (layout, "As once", "  As once"),
        (layout, "As once", "As  once"),
        (layout, "As once", "As once " + "and once " * 9),
        (layout, "now.\n\n", "now.\n\n\n"),
        (layout, "now.\n\n", "now.\n\nII.\n"),
        (layout, "now.\n\n", "now.\n* * *\n"),
        (layout, "river?\n", "river?\n\n"),
        (layout, "river?\n", "river?"),
        (subjects, "fruit; apple", "fruit; apples"),
        (subjects, "fruit; apple", "fruit, apple"),
        (subjects, "fruit; apple", "fruit; fruit"),
        (file_name, "title: Pomona", "title: The Apple Queen"),
        (file_name, "title: Pomona", "title: Pomona\ntitle-roman: The Apple Queen"),
        (gloss, "language: en", "language: fi"),
        (gloss, "language: en", "language: fi\ngloss: An apple."),
        (gloss, "language: en", "language: en\ngloss: A queen among apple trees by a river asks."),
        (file_name, "poet: William Morris", "poet: William Blake"),
    ],
)
def test_a_bad_sample_fails(rule, old, new):
    assert old in GOOD.text
    assert rule(Sample(GOOD.name, GOOD.text.replace(old, new)))


def test_the_anthology_is_wide_enough(anthology):
    english = [poem.header for poem in anthology if poem.header["language"] == "en"]
    poets = {header["poet"] for header in english}
    assert len(english) >= 400
    assert len(poets) >= 80
    assert len(poets & WOMEN) >= 20
    assert len(poets & FROM_ELSEWHERE) >= 12


def test_what_galleries_hang_is_answered_by_several_poems(anthology):
    subjects_of = Counter(s for poem in anthology for s in poem.header["subjects"].split("; "))
    few = {subject: subjects_of[subject] for subject in HUNG_OFTEN if subjects_of[subject] < 4}
    assert few == {}


def test_the_list_of_subjects_is_in_order_and_names_each_once():
    words = (POEMS.parent / "subjects.txt").read_text(encoding="utf-8").splitlines()
    assert words == sorted(set(words), key=str.lower)


@pytest.mark.parametrize("language", ["ko", "es"])
def test_visitors_who_speak_korean_or_spanish_have_poems_of_their_own(language, anthology):
    own = [poem for poem in anthology if poem.header["language"] == language]
    assert len(own) >= 20
    assert len({poem.header["poet"] for poem in own}) >= 10


def test_no_poet_has_two_poems_of_one_title(anthology):
    pairs = Counter((poem.header["poet"], poem.header["title"].lower()) for poem in anthology)
    assert [pair for pair, n in pairs.items() if n > 1] == []


def test_no_poem_stands_twice(anthology):
    texts = Counter(re.sub(r"\W", "", poem.body.lower()) for poem in anthology)
    assert max(texts.values()) == 1


def test_a_poets_years_are_the_same_everywhere(anthology):
    lives = {(p.header["poet"], p.header["born"], p.header["died"]) for p in anthology}
    assert len(lives) == len({poet for poet, _, _ in lives})


def test_some_poems_are_short_and_some_are_cut_into_passages(anthology):
    lengths = sorted(sum(bool(line) for line in p.body.split("\n")) for p in anthology)
    assert lengths[0] >= 4
    assert lengths[len(lengths) // 2] <= 24
    assert sum(length > 30 for length in lengths) >= 5
    assert lengths[-1] <= 60
