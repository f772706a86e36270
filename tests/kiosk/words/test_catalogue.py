"""Every word comes from the catalogue, is in every language, and is given what it asks for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from fluent.syntax import parse
from fluent.syntax.ast import FunctionReference, Message, Pattern, VariableReference
from fluent.syntax.visitor import Visitor

from engine.explaining import concepts
from kiosk.colours import COLOURS, CONTRASTS, LIGHTS, PLACES, WARMTHS
from kiosk.controls import PROFILES, Control
from kiosk.preferences import Preferences
from kiosk.troubles import Trouble
from kiosk.visit.colours_said import UNSAID
from kiosk.visit.learning import ORDER
from kiosk.visit.settings import KINDS
from kiosk.visit.visit import Visit, slug
from kiosk.visit.welcoming import Welcoming
from kiosk.words.catalogue import LANGUAGES, PSEUDO, SOURCE, is_right_to_left, source_of, words_in

KIOSK = Path(__file__).parents[3] / "kiosk"
TELLERS = [
    *sorted((KIOSK / "visit").glob("*.py")),
    *(KIOSK / f"{name}.py" for name in ("session", "phrases", "dialling", "narration")),
]
PAINTERS = sorted((KIOSK / "ui").glob("*.py"))  # they hold style sheets, which look like sentences
# Ids that are made from a name, and the names they are made from.
MADE = {
    *Trouble,
    *(f"setting-{kind}" for kind in KINDS),
    *(f"control-{control}" for control in ORDER),
    *(slug("profile", name) for name in PROFILES),
    *(f"contrast-{name}" for name in ("dark", "light", "yellow", "calm")),
    *(f"colour-{name}" for name in COLOURS),
    *(f"warmth-{name or 'none'}" for name in WARMTHS),
    *(f"light-{name}" for name in LIGHTS if name != UNSAID["light"]),
    *(f"tones-{name}" for name in CONTRASTS if name != UNSAID["contrast"]),
    *(f"lightest-{place}" for place in PLACES),
    *(f"concept-{key}" for key in concepts()),
}


class Uses(Visitor):
    """Which values and functions a message asks for."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.functions: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802
        self.values.add(node.id.name)

    def visit_FunctionReference(self, node: FunctionReference) -> None:  # noqa: N802
        self.functions.add(node.id.name)
        self.generic_visit(node)


def uses(pattern: Pattern) -> Uses:
    found = Uses()
    found.visit(pattern)
    return found


def messages(source: str) -> dict[str, Uses]:
    """id, or id.attribute -> what it asks for. Fails where the syntax is wrong."""
    found: dict[str, Uses] = {}
    for entry in parse(source).body:
        assert type(entry).__name__ != "Junk", entry.content
        if isinstance(entry, Message):
            assert entry.id.name not in found, f"{entry.id.name} stands there twice"
            if entry.value is not None:
                found[entry.id.name] = uses(entry.value)
            for attribute in entry.attributes:
                found[f"{entry.id.name}.{attribute.id.name}"] = uses(attribute.value)
    return found


ENGLISH = messages(source_of(SOURCE))


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE])
def test_every_message_is_in_every_language_with_the_same_values(language: str) -> None:
    other = messages(source_of(language))
    assert set(other) == set(ENGLISH)
    for name, wanted in ENGLISH.items():
        assert other[name].values == wanted.values, name
        assert other[name].functions <= {"CAP", "END", "JOSA"}, name


def asked_for() -> list[tuple[str, str, set[str]]]:
    """(file, id, names of values) of every call that names a message."""
    calls = []
    for file in [*TELLERS, *PAINTERS]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called, first = node.func, node.args[0]
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            inner = isinstance(called, ast.Call)  # words_in(code)("language-own")
            if (name == "words" or inner) and isinstance(first, ast.Constant):
                values = {keyword.arg or "**" for keyword in node.keywords}
                calls.append((file.name, str(first.value), values))
    return calls


def test_every_call_names_a_message_and_gives_what_it_asks_for() -> None:
    calls = asked_for()
    assert len(calls) > 100
    for file, message, values in calls:
        assert message in ENGLISH, f"{file}: {message}"
        if "**" not in values:
            assert values == ENGLISH[message].values, f"{file}: {message}"


def ids_in_the_code() -> set[str]:
    """Every constant that looks like an id."""
    found: set[str] = set(MADE)
    for file in [*TELLERS, *PAINTERS]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)*", text):
                found.add(text)
    return found


def test_no_message_is_left_over_and_none_is_missing() -> None:
    known = {name.partition(".")[0] for name in ENGLISH}
    named = ids_in_the_code()
    keys = {name for name in known if name.startswith("key-")}
    assert known - keys - named == set()
    for name in named:
        if name.startswith(("act-", "about-")) and name != "about-work":
            assert name in known, name
        if name.startswith("act-"):
            assert f"{name}.does" in ENGLISH, name
    assert known >= MADE


def test_each_key_of_each_pad_has_a_name_in_every_language() -> None:
    learned = {control: f"the {control} key" for control in ORDER}
    spoken = [name for profile in PROFILES.values() for name in profile.spoken.values()]
    named = {slug("key", name) for name in (*spoken, *learned.values()) if len(name) > 1}
    assert named == {name for name in ENGLISH if name.startswith("key-")}


@pytest.mark.parametrize("file", TELLERS, ids=lambda file: file.stem)
def test_no_teller_holds_a_sentence_of_its_own(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    errors = {id(part) for n in ast.walk(tree) if isinstance(n, ast.Raise) for part in ast.walk(n)}
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in docs or id(node) in errors:
                continue
            assert not re.search(r"[a-z]{2,} [a-z]{2,}", node.value), node.value


def test_what_is_missing_is_a_bug_that_is_told() -> None:
    with pytest.raises(KeyError):
        words_in("en")("no-such-message")
    assert words_in("fr").language == "en"
    assert words_in("es-MX").language == "es"


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_stops(language: str) -> None:
    words = words_in(language)
    one, many = (words("works-count", count=count) for count in (1, 2))
    assert "1" in one
    assert "2" in many
    assert (one.replace("1", "") != many.replace("2", "")) == (language != "ko")
    assert words("ended", text="Who goes there?").count("?") == 1
    assert words("ended", text="“Who?”") == "“Who?”"
    assert words("ended", text="A door").endswith("A door.")


def test_the_pseudo_language_runs_from_right_to_left_and_keeps_titles() -> None:
    words = words_in(PSEUDO)
    assert is_right_to_left(PSEUDO)
    text = words("label-artist", title="Wave", artist="Hokusai")
    assert "Wave" in text
    assert "Hokusai" in text
    assert not re.search("[a-z]", text.replace("Wave", "").replace("Hokusai", ""))
    for name in ENGLISH:
        if "." not in name and not ENGLISH[name].values:
            assert not re.search("[A-Za-z]", words(name)), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROFILES)
def test_every_key_is_called_by_name(language: str, name: str) -> None:
    wanted = Preferences(language=language)
    visit = Visit(Welcoming(), PROFILES[name], PROFILES, wanted, wanted)
    for control in Control:
        if control in visit.profile.spoken:
            assert visit.key(control).strip()
    assert visit.key(Control.SELECT) in Welcoming(greeted=True).here(visit)
