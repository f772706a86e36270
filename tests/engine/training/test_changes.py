"""Fields of a recipe changed from the command line; what cannot be is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.training.asking import AskingRecipe
from engine.training.changes import arguments, changed, lists
from engine.training.interacting import InteractionRecipe
from engine.training.later import LaterRecipe
from engine.training.titles import SUBJECTS


def test_fields_are_changed_and_the_rest_is_left() -> None:
    recipe = changed(AskingRecipe(), ["share=0", "rate=1e-3", "epochs=4", "share=0.25"])
    assert recipe == AskingRecipe(share=0.25, rate=1e-3, epochs=4)
    assert changed(recipe, []) == recipe
    assert changed(LaterRecipe(), ['views=["hung"]']).views == ("hung",)
    assert changed(InteractionRecipe(), ["anew=false"]).anew is False


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("stepps=3", "no field “stepps”; there are batch, caption_scale"),
        ("share", "“” is not a number for the field “share”; write for example --set share=0.5"),
        ("share=half", "“half” is not a number"),
        ("share=true", "“true” is not a number"),
        ("epochs=2.5", "“2.5” is not a whole number for the field “epochs”"),
        ("epochs=[2]", "is not a whole number"),
        (
            "anew=1",
            "“1” is not true or false for the field “anew”; write for example --set anew=true",
        ),
        ("views=3", "“3” is not a list of texts for the field “views”"),
        ("views=[3]", '--set views=["painted", "cropped"]'),
    ],
)
def test_what_cannot_be_is_said(change: str, says: str) -> None:
    kinds = {"views": LaterRecipe(), "anew": InteractionRecipe()}
    with pytest.raises(SystemExit) as stop:
        changed(kinds.get(change.partition("=")[0], AskingRecipe()), [change])
    assert says in str(stop.value)


def test_what_is_not_there_is_said_before_anything_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    parser = arguments("A training.", "data", "out")
    missing = str(tmp_path / "missing")
    assert parser.parse_args(["--data", str(tmp_path), "--out", missing]).out == Path(missing)
    with pytest.raises(SystemExit):
        parser.parse_args(["--data", missing, "--out", missing])
    assert f"argument --data: there is no “{missing}”" in capsys.readouterr().err


def test_a_bundle_is_not_packed_without_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Which would be found missing when all is learned."""
    parser = arguments("A training.", "out", packs=True)
    with pytest.raises(SystemExit):
        parser.parse_args(["--out", str(tmp_path)])
    assert f"argument --out: “{tmp_path}” has no README.md" in capsys.readouterr().err
    (tmp_path / "README.md").write_text("# A card\n")
    assert parser.parse_args(["--out", str(tmp_path)]).out == tmp_path


def test_lists_that_cannot_be_read_are_said(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    parser = arguments("A training.")
    parser.add_argument("--titles", type=lists)
    for text, says in ((None, "subjects.txt” is missing"), ("The Sea\n", "line 1: write “one")):
        if text is not None:
            (tmp_path / SUBJECTS).write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit):
            parser.parse_args(["--titles", str(tmp_path)])
        assert says in capsys.readouterr().err
