"""IIIF documents of both versions, alone and in collections, from a file and from a real server."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import InputError, KnownError
from kiosk.collections import iiif
from kiosk.collections.artwork_import import import_artworks
from kiosk.collections.artwork_reading import Artworks, Choices, Workplace, read_artworks
from kiosk.collections.iiif_walk import WalkLimits, walk
from kiosk.collections.web import Web, WebLimits
from kiosk.store.database import Store
from tests.kiosk.collections.iiif_documents import (
    V2,
    V3,
    collection3,
    manifest2,
    manifest3,
    reference,
    service2,
)
from tests.loopback_web import Page, Site, loopback_web, never_answers


def document(folder: Path, value: Any, name: str = "doc.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def cells(path: Path, *languages: str) -> dict[str, str]:
    brought = read_artworks(path, Choices(languages=languages or ("en",)))
    [row] = brought.table.rows
    assert not row.problem
    return dict(row.cells)


def test_a_manifest_of_version_2(tmp_path: Path) -> None:
    known = cells(document(tmp_path, manifest2()))
    assert known == {
        "number": "RF 592",
        "title": "The Gleaners",
        "artist": "Jean-François Millet",
        "date": "1857",
        "image": "",
        "image_address": "https://example.org/iiif/m2/full/!2048,2048/0/default.jpg",
        "description": "Three women bend over a mown field.",
        "source": "https://example.org/m2.json",
        "licence": "https://creativecommons.org/publicdomain/mark/1.0/",
        "rights_holder": "A museum",
        "Medium": "Oil",
    }
    [row] = read_artworks(tmp_path / "doc.json").table.rows
    assert row.notes == ("has 2 pictures; the first is taken",)


def test_a_manifest_of_version_3_in_two_languages(tmp_path: Path) -> None:
    path = document(tmp_path, manifest3())
    french, english = cells(path, "fr", "en"), cells(path, "ko", "en")
    assert (french["title"], french["language"]) == ("Des glaneuses", "fr")
    assert (french["description"], french["artist"]) == ("Trois femmes.", "Millet, His pupil")
    assert (english["title"], english["language"]) == ("The Gleaners", "en")
    assert english["Title (metadata)"] == "Another title"
    assert english["licence"] == "http://creativecommons.org/licenses/by/4.0/"
    assert english["source"] == "https://example.org/works/3"
    assert english["rights_holder"] == "A museum"
    assert english["image_address"] == "https://example.org/iiif/m3/full/2048,/0/default.jpg"


def pictures_of(service: Any, width: int = 5000) -> list[str]:
    value = manifest2()
    body = value["sequences"][0]["canvases"][0]["images"][0]["resource"]
    body |= {"service": service, "width": width}
    found = iiif.read(value)
    assert isinstance(found, iiif.Manifest)
    return [one.removeprefix("https://example.org/iiif") for one in found.pictures]


OWN = "/m2/full/full/0/default.jpg"


def test_a_picture_is_asked_for_as_its_service_can() -> None:
    base = "https://example.org/iiif/x"
    assert pictures_of(service2(base)) == [
        "/x/full/!2048,2048/0/default.jpg",
        "/x/full/!1024,1024/0/default.jpg",
        "/x/full/full/0/default.jpg",
        OWN,
    ]
    assert pictures_of(service2(base, level=1), width=1500) == [
        "/x/full/1024,/0/default.jpg",
        "/x/full/full/0/default.jpg",
        OWN,
    ]
    sizes = [{"width": 300, "height": 200}, {"width": 1800, "height": 9}, {"width": 6000}]
    assert pictures_of(service2(base, level=0, sizes=sizes)) == [
        "/x/full/1800,/0/default.jpg",
        "/x/full/full/0/default.jpg",
        OWN,
    ]
    third = {"id": base, "type": "ImageService3", "profile": "level2"}
    assert pictures_of(third)[:1] == ["/x/full/!2048,2048/0/default.jpg"]
    assert pictures_of(third)[2] == "/x/full/max/0/default.jpg"
    first = {
        "@id": base,
        "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level1",
    }
    assert pictures_of(first)[0] == "/x/full/2048,/0/native.jpg"
    assert pictures_of([{"@id": base, "profile": "http://example.org/search"}]) == [OWN]
    assert pictures_of(None) == [OWN]


@pytest.fixture
def site() -> Iterator[Site]:
    with loopback_web() as running:
        yield running


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(WebLimits(private=True, silence=0.5, longest=5)) as inside:
        yield inside


@pytest.fixture
def work(tmp_path: Path, web: Web) -> Workplace:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Workplace(scratch, tmp_path / "fetched", web)


def publish(site: Site, *documents: dict[str, Any]) -> None:
    for value in documents:
        address = value.get("id") or value["@id"]
        body = json.dumps(value).encode()
        site.pages[address.removeprefix(site.address)] = Page(body)


def give_pictures(site: Site, *, most: int = 10_000) -> None:
    """An image service that gives nothing larger than `most`."""
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(buffer, format="JPEG")

    def answer(path: str) -> Page:
        size = re.search(r"/full/!?(\d+),", path)
        if not path.startswith("/iiif/") or (size and int(size[1]) > most):
            return Page(status=400)
        # Each work has a picture of its own bytes.
        return Page(buffer.getvalue() + path.split("/")[2].encode())

    site.otherwise = answer


def brought(folder: Path, value: Any, work: Workplace) -> Artworks:
    return read_artworks(document(folder, value), work=work)


def test_a_collection_of_collections_comes_with_its_pictures(
    store: Store, tmp_path: Path, site: Site, work: Workplace
) -> None:
    publish(site, manifest2(site.address), manifest3(site.address))
    give_pictures(site, most=1024)
    inner = collection3(site.address, "inner", reference(f"{site.address}/m3.json"))
    top = collection3(
        site.address,
        "top",
        reference(f"{site.address}/m2.json#a"),
        inner,
        reference(f"{site.address}/m2.json"),
        manifest3(site.address, "written-out"),
    )
    path = document(tmp_path, top)
    report = import_artworks(store, path, brought=read_artworks(path, work=work))
    assert [row.outcome.value for row in report.rows] == ["added", "added", "added"]
    assert any("1 more mentions of the same works" in note for note in report.notes)
    for one in store.artworks.list():
        picture = store.picture_path(one)
        assert picture is not None
        assert picture.suffix == ".jpg"
        assert one.extra["image_address"].startswith(f"{site.address}/iiif/")
    assert any("/full/!2048,2048/" in path for path in site.asked)  # asked first, and refused
    assert any("/full/!1024,1024/" in path for path in site.asked)


def test_version_2_has_collections_too(site: Site, tmp_path: Path, work: Workplace) -> None:
    publish(site, manifest2(site.address))
    inner = {
        "@id": f"{site.address}/inner.json",
        "@type": "sc:Collection",
        "@context": V2,
        "members": [{"@id": f"{site.address}/m2.json", "@type": "sc:Manifest"}],
    }
    publish(site, inner)
    top = {
        "@context": V2,
        "@id": f"{site.address}/top.json",
        "@type": "sc:Collection",
        "collections": [{"@id": inner["@id"], "@type": "sc:Collection", "label": "inner"}],
        "manifests": [f"{site.address}/m2.json"],
    }
    [row] = brought(tmp_path, top, work).table.rows
    assert row.cells["title"] == "The Gleaners"


def test_what_points_to_itself_comes_to_an_end(site: Site, tmp_path: Path, work: Workplace) -> None:
    a, b = f"{site.address}/a.json", f"{site.address}/b.json"
    publish(
        site, collection3(site.address, "a", reference(b, "Collection"), reference(a, "Collection"))
    )
    publish(site, collection3(site.address, "b", reference(a, "Collection")))
    publish(site, manifest3(site.address))
    itself = manifest3(site.address)
    itself["items"][0]["items"][0]["items"][0]["body"] = {"id": itself["id"], "type": "Image"}
    publish(site, itself)
    top = collection3(site.address, "a", reference(b, "Collection"), reference(itself["id"]))
    [row] = brought(tmp_path, top, work).table.rows
    assert "gives something that is no picture" in row.notes[0]
    assert sorted(site.asked) == ["/b.json", "/m3.json", "/m3.json"]
    with pytest.raises(InputError, match="leads to no works"):
        brought(tmp_path, collection3(site.address, "a", reference(a, "Collection")), work)


def test_members_that_may_not_or_cannot_be_had(site: Site, tmp_path: Path, work: Workplace) -> None:
    publish(site, manifest3(site.address))
    site.pages["/slow.json"] = Page(misbehave=never_answers)
    site.pages["/words.json"] = Page(b"<html>no</html>")
    site.pages["/other.json"] = Page(b'{"type": "Canvas"}')
    site.pages["/file.json"] = Page(status=302, headers={"Location": "file:///etc/passwd"})
    names = ("m3", "slow", "words", "other", "file", "none")
    addresses = [f"{site.address}/{name}.json" for name in names]
    addresses += ["file:///etc/passwd", "relative.json"]
    top = collection3("https://example.org", "top", *map(reference, addresses))
    rows = {row.where: row.problem for row in brought(tmp_path, top, work).table.rows}
    problems = [rows[address] for address in addresses]
    for problem, words in zip(
        problems,
        (
            "",
            "in time",
            "not a IIIF document",
            "neither",
            "only http",
            "404",
            "only http",
            "only http",
        ),
        strict=True,
    ):
        assert words in problem
        assert bool(problem) == bool(words)


def test_this_machine_is_not_asked_from_outside(site: Site, tmp_path: Path) -> None:
    publish(site, manifest3(site.address))
    top = collection3("https://example.org", "top", reference(f"{site.address}/m3.json"))
    with Web() as outside:
        work = Workplace(tmp_path, tmp_path / "fetched", outside)
        [row] = brought(tmp_path, top, work).table.rows
        assert "private network (127.0.0.1)" in row.problem
        [alone] = brought(tmp_path, manifest3(site.address), work).table.rows
        assert "private network (127.0.0.1)" in alone.notes[0]
        assert not alone.problem  # a work in words is better than none
    assert site.asked == []


def test_a_walk_has_its_limits(site: Site, tmp_path: Path, web: Web) -> None:
    def endless(path: str) -> Page:
        number = int(path.strip("/").split(".")[0])
        members = [reference(f"{site.address}/{number + 1}.json", "Collection")]
        return Page(json.dumps(collection3(site.address, str(number), *members)).encode())

    site.otherwise = endless
    start = json.loads(endless("/0.json").body)
    deep = walk(tmp_path, start, web, limits=WalkLimits(depth=4)).table.rows
    assert [row.problem for row in deep] == ["is nested more than 4 collections deep"]
    for limits in (WalkLimits(depth=999, documents=5), WalkLimits(seconds=-1)):
        with pytest.raises(InputError, match="bring its parts in one by one"):
            walk(tmp_path, start, web, limits=limits)
    with pytest.raises(InputError, match="MB of documents"):
        walk(tmp_path, start, web, limits=WalkLimits(depth=999, bytes=1000))


def test_a_server_that_fails_all_the_time_is_left_alone(
    site: Site, tmp_path: Path, work: Workplace
) -> None:
    works = [manifest3(site.address, f"w{number}") for number in range(12)]
    table = brought(tmp_path, collection3(site.address, "top", *works), work).table
    assert len(table.rows) == 12
    assert any("4 more were not asked for" in note for note in table.notes)


def test_an_interrupted_fetch_goes_on(site: Site, tmp_path: Path, work: Workplace) -> None:
    give_pictures(site)
    works = [manifest3(site.address, f"w{number}") for number in range(3)]
    top = collection3(site.address, "top", *works)
    brought(tmp_path, top, work)
    asked = len(site.asked)
    table = brought(tmp_path, top, work).table
    assert len(site.asked) == asked == 3
    assert all(row.cells["image"] for row in table.rows)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5000) | st.text(max_size=6) | st.just("Manifest"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "@type", "id", "@id", "label", "value", "items", "service", "profile", "body",
             "resource", "images", "canvases", "@value", "@language", "en", "sizes", "width"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@given(st.booleans(), st.data())
@settings(max_examples=100, deadline=None)
def test_any_document_is_read_or_refused_in_a_sentence(second: bool, data: st.DataObject) -> None:
    """A sound document with any part of it replaced by anything."""
    value: Any = manifest2() if second else collection3("https://example.org", "c", manifest3())
    for _ in range(data.draw(st.integers(1, 4))):
        *path, last = data.draw(st.sampled_from([one for one in places(value) if one]))
        inner = value
        for key in path:
            inner = inner[key]
        inner[last] = data.draw(JSON)
    try:
        found = iiif.read(value, ("fr", "en"))
    except ValueError as error:
        assert "neither a IIIF manifest nor a collection" in str(error)
        return
    for one in [found] if isinstance(found, iiif.Manifest) else found.members:
        if isinstance(one, iiif.Manifest):
            assert all(isinstance(cell, str) for cell in (*one.cells, *one.cells.values()))
            assert all(isinstance(address, str) for address in one.pictures)


@given(JSON)
@settings(max_examples=50, deadline=None)
def test_any_file_that_says_it_is_iiif(
    tmp_path_factory: pytest.TempPathFactory, value: Any
) -> None:
    path = document(
        tmp_path_factory.getbasetemp(), {"@context": V3, "type": "Manifest", "x": value}
    )
    whole = {"@context": V2, "@type": value, "label": value, "items": value, "sequences": value}
    for one in (path, document(tmp_path_factory.getbasetemp(), whole, "other.json")):
        try:
            read_artworks(one)
        except KnownError as error:
            assert str(one) in error.sentence
