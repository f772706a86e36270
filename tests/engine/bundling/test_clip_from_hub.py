"""Towers from a hub on loopback, over real HTTP, through the real libraries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.bundles import Bundle, find_bundle, read_bundle, sha256_of, verify_files
from engine.bundling.clip import ClipModel, find_model, install_clip
from engine.bundling.hub import FolderHub, OnlineHub
from engine.errors import BundleError
from engine.index import Index
from engine.loading import check_scores, load_encoder
from engine.pipeline import Engine
from engine.types import Passage, Query
from tests.loopback_hub import REVISION, Hub, loopback_hub
from tests.tiny_clip import write_clip, write_mpnet

TINY = "hf-hub:tiny/clip"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_clip(folder / "tiny" / "clip")
    write_mpnet(folder / "tiny" / "mpnet")
    return folder


@pytest.fixture
def online(tmp_path: Path, hub: Hub) -> OnlineHub:
    return OnlineHub(tmp_path / "bundles" / ".downloads", hub.address, pause=lambda _seconds: None)


@pytest.fixture
def hub(models: Path):  # type: ignore[no-untyped-def]
    with loopback_hub(models) as serving:
        yield serving


def test_clip_is_installed_and_ranks_by_similarity(tmp_path: Path, online: OnlineHub) -> None:
    bundle = install_clip(tmp_path / "bundles", online, find_model(TINY))
    assert (bundle.name, bundle.version, bundle.reranks) == ("clip", "tiny/clip", False)
    assert all(finding.ok for finding in verify_files(bundle))
    assert "tiny/clip: mit" in bundle.licence
    assert bundle.manifest["sources"]["open_clip_model.safetensors"]["revision"] == REVISION
    encoder = load_encoder(bundle)
    assert check_scores(bundle, encoder).ok
    card = (bundle.folder / "README.md").read_text()
    assert "ranked by similarity alone" in card
    assert "nothing has been measured" in card

    texts = ["the sea is dark", "a dog runs", "gold sun over snow"]
    vectors = encoder.passages(texts)
    index = Index("f", np.arange(3), np.arange(3), vectors)

    class Source:
        def passages(self, ids: list[int]) -> list[Passage]:
            raise AssertionError("nobody reads closely without a cross-encoder")

    image = Image.new("RGB", (40, 30), "navy")
    answer = Engine(encoder, index, Source()).match(Query(image, "a dog"), 3)
    similarities = [match.similarity for match in answer.matches]
    assert similarities == sorted(similarities, reverse=True)
    assert [match.score for match in answer.matches] == pytest.approx(np.clip(similarities, 0, 1))


def test_paper_brings_the_mpnet_and_serves_as_local_dir(
    tmp_path: Path, online: OnlineHub, models: Path
) -> None:
    import open_clip

    bundle = install_clip(
        tmp_path / "bundles", online, find_model(TINY), name="paper", mpnet="tiny/mpnet"
    )
    given = models / "tiny" / "mpnet" / "model.safetensors"
    assert sha256_of(bundle.folder / "mpnet" / "model.safetensors") == sha256_of(given)
    open_clip.create_model(f"local-dir:{bundle.folder}")
    online.clear()
    assert [path.name for path in (tmp_path / "bundles").iterdir()] == ["paper"]


def test_what_is_no_mpnet(tmp_path: Path, models: Path, online: OnlineHub) -> None:
    wrong = models / "tiny" / "wrong"
    write_clip(wrong)
    (wrong / "open_clip_model.safetensors").rename(wrong / "model.safetensors")
    (wrong / "config.json").write_text("{}")
    with pytest.raises(BundleError, match="is no MPNet"):
        install_clip(tmp_path / "bundles", online, find_model(TINY), mpnet="tiny/wrong")
    with pytest.raises(BundleError, match="safetensors"):
        install_clip(tmp_path / "bundles", online, find_model("hf-hub:tiny/wrong"))


def test_a_download_that_is_cut_off_goes_on(tmp_path: Path, online: OnlineHub, hub: Hub) -> None:
    hub.cut_after, hub.busy = [1000, 5000, 70_000], 1
    install_clip(tmp_path / "bundles", online, find_model(TINY))
    ranges = [wanted for method, path, wanted in hub.asked if "/files/" in path]
    assert [one for one in ranges if one] == ["bytes=1000-", "bytes=6000-", "bytes=76000-"]


def test_a_killed_installation_goes_on_where_it_stopped(
    tmp_path: Path, online: OnlineHub, hub: Hub
) -> None:
    def killed(_name: str, done: int, _total: int) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    hub.cut_after = [200_000]
    with pytest.raises(KeyboardInterrupt):
        install_clip(tmp_path / "bundles", online, find_model(TINY), progress=killed)
    (part,) = (tmp_path / "bundles" / ".downloads").rglob("part")
    held = part.stat().st_size
    assert held > 100_000
    hub.asked.clear()
    install_clip(tmp_path / "bundles", online, find_model(TINY))
    assert [wanted for _, path, wanted in hub.asked if "/files/" in path and wanted] == [
        f"bytes={held}-"
    ]
    hub.asked.clear()  # a third time: what lies there whole is not fetched again
    install_clip(tmp_path / "bundles", online, find_model(TINY))
    assert not [path for method, path, _ in hub.asked if method == "GET" and "/files/" in path]


def test_wrong_bytes_are_refused(tmp_path: Path, online: OnlineHub, hub: Hub) -> None:
    installed = install_clip(tmp_path / "bundles", online, find_model(TINY))
    online.clear()
    hub.garble = True
    with pytest.raises(BundleError, match="not what it announced"):
        install_clip(tmp_path / "bundles", online, find_model(TINY))
    assert all(finding.ok for finding in verify_files(read_bundle(installed.folder)))


def test_a_hub_that_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = OnlineHub(tmp_path / "downloads", "http://127.0.0.1:9", pause=lambda _seconds: None)
    with pytest.raises(BundleError, match="HF_ENDPOINT"):
        nowhere.repository("tiny/clip")


def test_names_that_are_not_there(tmp_path: Path, online: OnlineHub) -> None:
    with pytest.raises(BundleError, match="has no none/none"):
        install_clip(tmp_path / "bundles", online, find_model("hf-hub:none/none"))
    with pytest.raises(BundleError, match="no name of a model"):
        online.repository("../../etc")
    with pytest.raises(BundleError, match="no open_clip model"):
        install_clip(tmp_path / "bundles", online, ClipModel("x", "tiny/mpnet", ("config.json",)))
    with pytest.raises(BundleError, match=r"knows no model .*ViT-B-32"):
        find_model("ViT-B-33")
    with pytest.raises(BundleError, match="it has: openai"):
        find_model("ViT-B-32", "closedai")


def test_models_by_name() -> None:
    clip = find_model()
    assert clip.repository == "timm/vit_base_patch32_clip_224.openai"
    assert clip.model_cfg is not None
    assert clip.model_cfg["quick_gelu"] is True
    siglip = find_model("ViT-B-16-SigLIP2", "webli")
    assert siglip.repository == "timm/ViT-B-16-SigLIP2"
    assert siglip.preprocess is not None
    assert siglip.preprocess["resize_mode"] == "squash"


@pytest.mark.parametrize("layout", ["org", "name", "cache", "alone"])
def test_from_a_folder(tmp_path: Path, models: Path, layout: str) -> None:
    stick = tmp_path / "stick"
    place = {
        "org": stick / "tiny" / "clip",
        "name": stick / "clip",
        "cache": stick / "models--tiny--clip" / "snapshots" / "abc",
        "alone": stick,
    }[layout]
    place.mkdir(parents=True)
    for path in (models / "tiny" / "clip").iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    hub = FolderHub(stick, alone=layout == "alone")
    bundle = install_clip(tmp_path / "bundles", hub, find_model(TINY))
    assert "tiny/clip: mit" in bundle.licence
    other = FolderHub(tmp_path / "empty")
    with pytest.raises(BundleError, match="copy the model's files"):
        install_clip(tmp_path / "bundles", other, find_model(TINY))


def test_one_that_does_not_answer_leaves_the_old_one(tmp_path: Path, models: Path) -> None:
    hub = FolderHub(models)
    first = install_clip(tmp_path / "bundles", hub, find_model(TINY))

    def prove(_bundle: Bundle) -> None:
        raise BundleError("other scores")

    with pytest.raises(BundleError, match="other scores"):
        install_clip(tmp_path / "bundles", hub, find_model(TINY), prove=prove)
    again = find_bundle(tmp_path / "bundles", "clip")
    assert json.dumps(dict(again.manifest)) == json.dumps(dict(first.manifest))
