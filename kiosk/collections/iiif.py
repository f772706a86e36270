"""IIIF Presentation 2.1 and 3: what a manifest or a collection says, in one form for both.

Only reading, of what museums really publish: a value where a list is meant and the other way
round, a text where languages are meant, services of three versions. Nothing here asks the network.
See https://iiif.io/api/presentation/2.1/ and /3.0/, https://iiif.io/api/image/3.0/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.collections.rows import column_key

MOST_METADATA = 500  # pairs of one manifest
MOST_SIZES = (2048, 1024)  # px, the longest side that is asked for, and what is tried next
NONE = ("none", "@none", "und", "")  # how a text's language is called where it has none


@dataclass(frozen=True, slots=True)
class Manifest:
    """One work."""

    id: str
    cells: dict[
        str, str
    ]  # by column: title, description, language, … and the metadata's own labels
    pictures: tuple[str, ...]  # addresses of its first picture, the better ones first
    canvases: int  # how many pictures there are


@dataclass(frozen=True, slots=True)
class Reference:
    """A manifest or collection that only stands for itself: its address."""

    id: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Works and further collections; those that are written out stand as they are."""

    id: str
    members: tuple[Reference | Manifest | Collection, ...]


def is_iiif(value: Any) -> bool:
    """Whether this is a manifest or a collection, of any version."""
    return isinstance(value, dict) and _kind(value) in ("Manifest", "Collection")


def read(value: Any, languages: Sequence[str] = ("en",), depth: int = 0) -> Manifest | Collection:
    """What a document says; `languages` are those wished for, the first most.

    Raises `ValueError` ("is …") for what is neither a manifest nor a collection.
    """
    if not isinstance(value, dict):
        raise ValueError("is neither a IIIF manifest nor a collection")
    if _kind(value) == "Manifest":
        return _manifest(value, languages)
    if _kind(value) == "Collection":
        return _collection(value, languages, depth)
    raise ValueError("is neither a IIIF manifest nor a collection")


DEEPEST_WRITTEN_OUT = 20  # collections within collections of one document


def _collection(value: dict[str, Any], languages: Sequence[str], depth: int) -> Collection:
    members: list[Reference | Manifest | Collection] = []
    for name in ("items", "members", "collections", "manifests"):
        for entry in _list(value.get(name)):
            if isinstance(entry, str):
                members.append(Reference(entry))
            elif isinstance(entry, dict):
                whole = any(
                    entry.get(key) for key in ("items", "sequences", "members", "manifests")
                )
                if whole and depth < DEEPEST_WRITTEN_OUT and is_iiif(entry):
                    members.append(read(entry, languages, depth + 1))
                elif _id(entry):
                    members.append(Reference(_id(entry)))
    return Collection(_id(value), tuple(members))


def _manifest(value: dict[str, Any], languages: Sequence[str]) -> Manifest:
    title, language = text(value.get("label"), languages)
    cells: dict[str, str] = {"title": title}
    for name, key in (("description", "summary"), ("description", "description")):
        cells[name] = cells.get(name) or text(value.get(key), languages)[0]
    statement = value.get("requiredStatement")
    holder = statement.get("value") if isinstance(statement, dict) else value.get("attribution")
    homepage = next((_id(one) for one in _list(value.get("homepage")) if _id(one)), "")
    cells |= {
        "language": language,
        "source": homepage or _id(value),
        "licence": _first_text(value.get("rights") or value.get("license")),
        "rights_holder": text(holder, languages)[0],
    }
    cells = {name: said for name, said in cells.items() if said}
    taken = {column_key(name) for name in cells}
    for label, said in _metadata(value, languages):
        name = f"{label} (metadata)" if column_key(label) in taken else label
        while column_key(name) in taken:
            name += "+"
        cells[name] = said
        taken.add(column_key(name))
    canvases = list(_canvases(value))
    pictures = next((found for canvas in canvases if (found := tuple(_pictures(canvas)))), ())
    return Manifest(_id(value), cells, pictures, len(canvases))


def text(value: Any, languages: Sequence[str]) -> tuple[str, str]:
    """A text in the language wished for, or else in any; and that language, "" if none is said."""
    found: dict[str, list[str]] = {}
    for one in _list(value):
        if isinstance(one, str):
            found.setdefault("", []).append(one)
        elif isinstance(one, dict) and "@value" in one:
            found.setdefault(_language(one.get("@language")), []).append(_first_text(one["@value"]))
        elif isinstance(one, dict):
            for language, lines in one.items():
                said = [line for line in _list(lines) if isinstance(line, str)]
                found.setdefault(_language(language), []).extend(said)
    found = {language: lines for language, lines in found.items() if any(lines)}
    for wished in languages:
        for language, lines in found.items():
            if language and language.split("-")[0].casefold() == wished.split("-")[0].casefold():
                return "\n".join(lines), language
    if "" in found:
        return "\n".join(found[""]), ""
    for language, lines in found.items():
        return "\n".join(lines), language
    return "", ""


def _metadata(value: dict[str, Any], languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in _list(value.get("metadata"))[:MOST_METADATA]:
        if isinstance(pair, dict):
            # The label in English first: it is a column's name, and known in English best.
            label = " ".join(text(pair.get("label"), ("en", *languages))[0].split())
            said = text(pair.get("value"), languages)[0]
            if label and said:
                yield label, said


def _canvases(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "sequences" in value:
        for sequence in _list(value["sequences"])[:1]:
            if isinstance(sequence, dict):
                yield from (one for one in _list(sequence.get("canvases")) if isinstance(one, dict))
    else:
        yield from (one for one in _list(value.get("items")) if isinstance(one, dict))


def _pictures(canvas: dict[str, Any]) -> Iterator[str]:
    """Addresses of a canvas's picture, the better ones first."""
    for body in _bodies(canvas):
        for service in (one for one in _list(body.get("service")) if isinstance(one, dict)):
            yield from _sized(service, body)
        if _id(body):
            yield _id(body)


def _bodies(canvas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is painted on a canvas: of a choice the first."""
    annotations = _list(canvas.get("images"))
    for page in _list(canvas.get("items")):
        if isinstance(page, dict):
            annotations = annotations + _list(page.get("items"))
    for annotation in annotations:
        if not isinstance(annotation, dict):
            continue
        for body in _list(annotation.get("body", annotation.get("resource"))):
            chosen = body
            if isinstance(body, dict) and _type(body) in ("Choice", "oa:Choice"):
                chosen = next(iter(_list(body.get("items", body.get("default")))), None)
            if isinstance(chosen, dict) and _type(chosen) in ("Image", "dctypes:Image", ""):
                yield chosen


def _sized(service: dict[str, Any], body: dict[str, Any]) -> Iterator[str]:
    """The addresses by which an image service gives the whole picture at a sensible size."""
    base = _id(service).rstrip("/")
    said = str([service.get("@context"), service.get("profile"), _type(service)])
    if not base or not ("image" in said or "Image" in said):
        return
    version = 3 if "image/3" in said or "ImageService3" in said else 2
    if any(sign in said for sign in ("image-api/1", "image/1", "ImageService1", "image-api/compl")):
        version = 1
    quality = "native" if version == 1 else "default"
    largest = "max" if version == 3 else "full"
    width = max(_number(service.get("width")), _number(body.get("width")))
    if (
        "level0" in said
    ):  # only what lies ready: the sizes that it tells, the whole where it does not
        for ready in sorted(_widths(service), key=lambda wide: abs(wide - MOST_SIZES[0]))[:1]:
            yield f"{base}/full/{ready},/0/{quality}.jpg"
    elif "level2" in said:
        for side in MOST_SIZES:
            yield f"{base}/full/!{side},{side}/0/{quality}.jpg"
    else:  # level 1, or no word of it: a width is what every such server can do
        for side in MOST_SIZES:
            if width == 0 or width > side:
                yield f"{base}/full/{side},/0/{quality}.jpg"
    yield f"{base}/full/{largest}/0/{quality}.jpg"


def _widths(service: dict[str, Any]) -> list[int]:
    sizes = (one for one in _list(service.get("sizes")) if isinstance(one, dict))
    return [width for size in sizes if (width := _number(size.get("width")))]


def _kind(value: dict[str, Any]) -> str:
    return _type(value).removeprefix("sc:")


def _type(value: dict[str, Any]) -> str:
    return _first_text(value.get("type", value.get("@type")))


def _id(value: Any) -> str:
    if isinstance(value, str):
        return value
    return _first_text(value.get("id", value.get("@id"))) if isinstance(value, dict) else ""


def _language(value: Any) -> str:
    return "" if not isinstance(value, str) or value.casefold() in NONE else value


def _first_text(value: Any) -> str:
    return next((one for one in _list(value) if isinstance(one, str)), "")


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
