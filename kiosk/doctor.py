"""What is there, what is not, and what to do about it: one finding for each thing a kiosk needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import KnownError
from kiosk.config import Settings

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. Without a `needed` one that is there, the main job cannot run."""

    name: str
    there: bool
    sentence: str
    needed: bool = False


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, the quick things first. Never raises for what is missing."""
    yield from _bundle(settings)
    yield _store(settings)
    yield from _pictures(settings)
    yield from _held(settings)
    yield from _voices(settings)
    yield _display()
    yield _keypad(settings)
    try:
        application = _application()  # held until the last of Qt's questions is answered
    except KnownError as problem:
        for name in ("sound out", "camera", "screen reader"):
            yield Finding(name, False, problem.sentence)
        return
    yield _sound_out(settings)
    yield _camera(settings)
    yield _screen_reader(settings)
    del application


def _bundle(settings: Settings) -> Iterator[Finding]:
    from engine.bundles import find_bundle
    from engine.loading import check_scores, load_encoder

    try:
        bundle = find_bundle(settings.bundles_dir, settings.bundle)
        encoder = load_encoder(bundle)
        check = check_scores(bundle, encoder)
    except KnownError as problem:
        yield Finding("model", False, problem.sentence, needed=True)
        return
    if check.ok:
        sentence = (
            f"{bundle.name} {bundle.version}, every file as it should be, and its known picture "
            "gives the known scores."
        )
        if not bundle.reranks:
            sentence += " No cross-encoder reorders its poems: they are ranked by similarity alone."
    else:
        sentence = (
            f"{bundle.name} {bundle.version} loads, but its known picture gives other scores "
            f"(off by {check.deviation:.4f}); run `ekphrasis bundles verify`."
        )
    yield Finding("model", check.ok, sentence, needed=True)
    yield Finding("model's licence", True, bundle.licence)


def _store(settings: Settings) -> Finding:
    from kiosk.store.database import open_store

    place = settings.store_place
    if not place.exists():
        sentence = f"There is no store at {place} yet; run `make setup`."
        return Finding("store", False, sentence, needed=True)
    try:
        with open_store(place) as store:
            about = store.about()
            poems, works = store.poems.count(), store.artworks.count()
    except KnownError as problem:
        return Finding("store", False, problem.sentence, needed=True)
    if poems == 0:
        sentence = f"{place} holds no poems; run `ekphrasis poems import FILE`."
        return Finding("store", False, sentence, needed=True)
    sentence = f"{place}: {poems} poems, {works} artworks.{about}"
    if works == 0:
        sentence += " Add works with `ekphrasis artworks import FILE`; pictures can be matched."
    return Finding("store", True, sentence, needed=True)


def _pictures(settings: Settings) -> Iterator[Finding]:
    """Works whose pictures are not here, as on a kiosk that shares a store but not yet pictures."""
    from kiosk.store.database import open_store

    if not settings.store_place.exists():
        return
    try:
        with open_store(settings.store_place) as store:
            paths = [store.picture_path(work) for work in store.artworks.list()]
    except KnownError:
        return  # told of as the store's own
    lost = sum(1 for path in paths if path is not None and not path.is_file())
    if lost:
        sentence = (
            f"The pictures of {lost} works are not in {settings.pictures_dir}; copy them there, "
            "or let all kiosks share that folder."
        )
        yield Finding("pictures", False, sentence)


def _held(settings: Settings) -> Iterator[Finding]:
    """What waits for somebody who says that it may be used; nothing where nothing waits."""
    from kiosk.rights import HeldBack, rule_of
    from kiosk.store.database import open_store

    if not settings.store_place.exists():
        return
    try:
        with open_store(settings.store_place) as store:
            held = HeldBack(store, rule_of(settings))
            poems, works = len(held.poems()), len(held.artworks())
    except KnownError:
        return  # told of as the store's own
    if poems or works:
        sentence = (
            f"{poems} poems and {works} artworks are held back until somebody confirms that they "
            "may be used; `ekphrasis rights list --held` shows which and why."
        )
        yield Finding("rights", False, sentence)


def _voices(settings: Settings) -> Iterator[Finding]:
    """The voice of the settings; those that stand in for it, so that one alone is enough."""
    from kiosk.speech.findings import describe_lexicon, describe_synthesisers

    chosen, *others = describe_synthesisers(settings)
    alone = not any(other.ok for other in others)
    yield Finding("voice", chosen.ok, chosen.sentence, needed=chosen.ok or alone)
    for other in others:
        yield Finding("other voice", other.ok, other.sentence)
    for slip in describe_lexicon(settings):
        yield Finding("pronunciation", slip.ok, slip.sentence)


def _sound_out(settings: Settings) -> Finding:
    from kiosk.speech.findings import describe_sound_out

    sound = describe_sound_out(settings.sound_device)
    return Finding("sound out", sound.ok, sound.sentence)


def _camera(settings: Settings) -> Finding:
    if settings.camera_video:
        there = Path(settings.camera_video).expanduser().is_file()
        sentence = f"The video {settings.camera_video} takes its place (camera_video)."
        if not there:
            sentence = f"There is no video {settings.camera_video}; change camera_video."
        return Finding("camera", there, sentence)
    try:
        from PySide6.QtMultimedia import QMediaDevices

        from kiosk.camera.eye import choose_camera
    except ImportError as problem:
        return Finding("camera", False, f"Cameras cannot be looked for ({problem}).")
    cameras = QMediaDevices.videoInputs()
    if not cameras:
        sentence = (
            "No camera is connected; works are chosen by number or from the list, and picture "
            "files are matched with `ekphrasis match`."
        )
        return Finding("camera", False, sentence)
    chosen = choose_camera(cameras, settings.camera)
    if isinstance(chosen, str):
        return Finding("camera", False, chosen)
    others = [one.description() for one in cameras if one.id() != chosen.id()]
    beside = f" Also connected: {', '.join(others)}." if others else ""
    return Finding("camera", True, f"{chosen.description()}.{beside}")


def _keypad(settings: Settings) -> Finding:
    """The pads that are read beside the window, and whether this user may read them."""
    from kiosk.keys.keypad import find_pads, keyboards

    pads = find_pads(settings.keypad)
    if not pads:
        names = ", ".join(keyboards()) or "none"
        sentence = (
            "None is read beside the window, which hears keys while it has the focus; see "
            f"packaging/udev/ for one that is (input devices: {names})."
        )
        return Finding("keypad", False, sentence)
    refused = [pad for pad in pads if not os.access(pad.path, os.R_OK)]
    if refused:
        names = ", ".join(f"{pad.name} ({pad.path})" for pad in refused)
        sentence = f"{names} may not be read by this user; install the rule of packaging/udev/."
        return Finding("keypad", False, sentence)
    return Finding("keypad", True, f"{', '.join(pad.name for pad in pads)}.")


def _display() -> Finding:
    from kiosk.display import missing_display

    problem = missing_display()
    if problem is None:
        return Finding("display", True, "A window can be opened.")
    return Finding(
        "display", False, f"{problem} `ekphrasis run` plays one visit into files instead."
    )


def _screen_reader(settings: Settings) -> Finding:
    from kiosk.screen_reader import screen_reader_runs

    runs = screen_reader_runs()
    if runs is None:
        sentence = (
            "There is no session bus, so no screen reader runs; the kiosk's own voice speaks."
        )
        return Finding("screen reader", False, sentence)
    if runs:
        speaks = {
            "voice": "the kiosk's own voice says everything, so silence the reader",
            "screen-reader": "it speaks, and the kiosk's own voice is silent",
            "both": "it speaks, and the kiosk's own voice reads the poems",
        }[settings.beside_screen_reader]
        return Finding("screen reader", True, f"One runs; {speaks} (beside_screen_reader).")
    return Finding("screen reader", False, "None runs; the kiosk's own voice speaks.")


def _application() -> QCoreApplication:
    """Qt's devices can be asked about once there is an application; it needs no display."""
    try:
        from PySide6.QtCore import QCoreApplication
    except ImportError as problem:
        raise KnownError(
            f"Qt cannot be loaded ({problem}); run packaging/setup/10-system.sh."
        ) from None
    return QCoreApplication.instance() or QCoreApplication([])
