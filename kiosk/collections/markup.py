"""Text that was written for a web page, as plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# A tag, and not "a < b": only then is a text taken for a page's.
MARKUP = re.compile(r"</?(?:p|br|em|i|b|strong|a|span|div|ul|ol|li|h[1-6]|sup|sub)\b[^<>]*>", re.I)
BREAKS = {"br": "\n", "li": "\n", "p": "\n\n", "div": "\n", "ul": "\n", "ol": "\n"}


def plain(text: str) -> str:
    """The text without a web page's tags; a text without any is returned as it is."""
    if "<" not in text or not MARKUP.search(text):
        return text
    page = _Page()
    page.feed(text)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ("script", "style"):
            self._silent += 1
        self.parts.append(BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        if tag in ("p", "div", "ul", "ol"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # Breaks within a page's source mean no more than a blank.
            self.parts.append(re.sub(r"\s+", " ", data))
