"""MultiM-Poem as published (Liu et al., ACM Multimedia 2018): poems and addresses of pictures.

The file is a JSON list of `{"poem": text, "image_url": address, "id": number}`; the pictures lie
on photo services and vanish with the years. It comes without a licence: fetched by whoever has
the right to, and shipped by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.errors import InputError

ADDRESS = "https://raw.githubusercontent.com/researchmm/img2poem/master/data/multim_poem.json"


@dataclass(frozen=True, slots=True)
class Published:
    """One published pair."""

    id: str
    address: str
    poem: str


def read_published(path: Path) -> Sequence[Published]:
    """The pairs of the published file; a file of JSON lines with the same keys serves as well.

    Raises `InputError` naming the entry that is wrong. An entry without a poem is an error, not
    a gap: it says that this is another file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = (
            json.loads(text)
            if text.lstrip().startswith("[")
            else [json.loads(line) for line in text.split("\n") if line.strip()]
        )
    except FileNotFoundError:
        raise InputError(f"There is no file {path}; check the name and the folder.") from None
    except (OSError, ValueError) as problem:
        raise InputError(f"{path} cannot be read as JSON ({problem}); fetch it again.") from None
    found = [_published(path, number, row) for number, row in enumerate(rows, start=1)]
    if not found:
        raise InputError(f"{path} holds no pairs; it should be a list of poems with image_url.")
    ids = [one.id for one in found]
    if len(set(ids)) != len(ids):
        twice = next(one for at, one in enumerate(ids) if one in ids[:at])
        raise InputError(f"{path}: the id {twice} occurs twice.")
    return found


def _published(path: Path, number: int, row: Any) -> Published:
    where = f"{path}, entry {number}"
    if not isinstance(row, dict):
        raise InputError(f'{where}: must be an object with "poem" and "image_url".')
    poem, address = row.get("poem"), row.get("image_url")
    if not isinstance(poem, str) or not poem.strip():
        raise InputError(f'{where}: "poem" is missing or empty.')
    if not isinstance(address, str) or urlsplit(address).scheme not in ("http", "https"):
        raise InputError(f'{where}: "image_url" is no address of a picture.')
    return Published(str(row.get("id", number)), address, poem)
