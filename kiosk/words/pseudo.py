"""A language for the eye of a test: English in Hebrew letters, so that it runs right to left.

What is still Latin on a screen then did not come from the catalogue, or is a title, and what does
not stand at the right was not laid out for such a language.
"""

from __future__ import annotations

from fluent.syntax import parse, serialize
from fluent.syntax.ast import TextElement
from fluent.syntax.visitor import Transformer

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_HEBREW = "אבגדעפגהיזקלמנוצקרשתובומיז"  # by sound where there is one
_TABLE = str.maketrans(_LATIN + _LATIN.upper(), _HEBREW * 2)


class _Mirror(Transformer):
    """Turns the text of messages; what is filled in stays."""

    def visit_TextElement(self, node: TextElement) -> TextElement:  # noqa: N802 - Fluent's name
        """One piece of text."""
        node.value = node.value.translate(_TABLE)
        return node


def mirrored(source: str) -> str:
    """A catalogue in Fluent's syntax, with its text turned."""
    resource = parse(source)
    _Mirror().visit(resource)
    return serialize(resource)
