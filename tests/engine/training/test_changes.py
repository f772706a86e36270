"""Fields of a recipe changed from the command line; what cannot be is said in a sentence."""

from __future__ import annotations

import pytest

from engine.training.asking import AskingRecipe
from engine.training.changes import changed
from engine.training.later import LaterRecipe


def test_fields_are_changed_and_the_rest_is_left() -> None:
    recipe = changed(AskingRecipe(), ["share=0", "rate=1e-3", "epochs=4", "share=0.25"])
    assert recipe == AskingRecipe(share=0.25, rate=1e-3, epochs=4)
    assert changed(recipe, []) == recipe
    assert changed(LaterRecipe(), ['views=["hung"]']).views == ("hung",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("stepps=3", "no field “stepps”; there are batch, caption_scale"),
        ("share", "“” is not a number for the field “share”; write for example --set share=0.5"),
        ("share=half", "“half” is not a number"),
        ("share=true", "“true” is not a number"),
        ("epochs=2.5", "“2.5” is not a whole number for the field “epochs”"),
        ("epochs=[2]", "is not a whole number"),
        ("views=3", "“3” is not a list of texts for the field “views”"),
        ("views=[3]", '--set views=["painted", "cropped"]'),
    ],
)
def test_what_cannot_be_is_said(change: str, says: str) -> None:
    with pytest.raises(SystemExit) as stop:
        changed(LaterRecipe() if change.startswith("views") else AskingRecipe(), [change])
    assert says in str(stop.value)
