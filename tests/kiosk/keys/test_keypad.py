"""A keypad read from the kernel: its own records, through a pipe where the device would be."""

from __future__ import annotations

import itertools
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from kiosk.keys.habits import Motion
from kiosk.keys.keypad import RECORD, KeypadReader, Records, find_pads, keyboards
from kiosk.ui.window import KioskWindow

EV_SYN, EV_KEY, EV_MSC = 0, 1, 4
F13, F14, LEFT_SHIFT = 183, 184, 42


def record(kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", 1_700_000_000, 123_456, kind, code, value)


def press(code: int) -> bytes:
    """What the kernel sends for one press and release."""
    return b"".join(
        record(*parts)
        for parts in (
            (EV_MSC, 4, 0x70068),
            (EV_KEY, code, 1),
            (EV_SYN, 0, 0),
            (EV_KEY, code, 0),
            (EV_SYN, 0, 0),
        )
    )


def test_a_record_is_as_long_as_the_kernels() -> None:
    assert RECORD.size == 24  # on every 64-bit Linux


@given(st.lists(st.integers(0, 200)), st.data())
def test_records_that_come_in_pieces_are_put_together(cuts: list[int], data: st.DataObject) -> None:
    stream = press(F13) + press(LEFT_SHIFT) + press(F14)
    edges = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    records = Records()
    found = [
        key for start, end in itertools.pairwise(edges) for key in records.feed(stream[start:end])
    ]
    assert found == [
        ("F13", Motion.DOWN),
        ("F13", Motion.UP),
        ("F14", Motion.DOWN),
        ("F14", Motion.UP),
    ]


def test_a_key_that_has_no_name_is_called_by_its_number() -> None:
    assert next(Records().feed(press(240))) == ("Code240", Motion.DOWN)


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    folder = tmp_path / "input"
    folder.mkdir()
    return folder


def plug_in(devices: Path, name: str = "ekphrasis-keypad0") -> int:
    """A pipe in the place of a device; what is written to it, the reader reads."""
    path = devices / name
    os.mkfifo(path)
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


@pytest.fixture
def reader(devices: Path, qtbot: QtBot) -> Iterator[KeypadReader]:
    made = KeypadReader(devices=devices)
    yield made
    made.close()


def test_a_pad_is_read_and_one_that_comes_later_too(
    reader: KeypadReader, devices: Path, qtbot: QtBot
) -> None:
    heard: list[tuple[str, Motion]] = []
    reader.key.connect(lambda name, motion: heard.append((name, motion)))
    first = plug_in(devices)
    reader.start()
    os.write(first, press(F13))
    qtbot.waitUntil(lambda: ("F13", Motion.UP) in heard)
    later = plug_in(devices, "ekphrasis-keypad1")
    qtbot.waitUntil(lambda: len(reader.reading) == 2)
    os.write(later, press(F14))
    qtbot.waitUntil(lambda: ("F14", Motion.UP) in heard)
    assert len(heard) == 4
    os.close(first)
    os.close(later)


def test_a_pad_that_is_pulled_out_is_let_go_of_and_read_again_when_it_comes_back(
    reader: KeypadReader, devices: Path, qtbot: QtBot
) -> None:
    heard: list[str] = []
    reader.key.connect(lambda name, _motion: heard.append(name))
    pad = plug_in(devices)
    reader.start()
    os.close(pad)  # no writer is left: the end of the pipe, as when a device goes
    qtbot.waitUntil(lambda: reader.reading == [])
    (devices / "ekphrasis-keypad0").unlink()
    pad = plug_in(devices)
    qtbot.waitUntil(lambda: len(reader.reading) == 1)
    os.write(pad, press(F13))
    qtbot.waitUntil(lambda: heard == ["F13", "F13"])
    os.close(pad)


def test_other_keyboards_are_never_opened(reader: KeypadReader, devices: Path) -> None:
    plain = plug_in(devices, "event3")
    reader.start()
    assert reader.reading == []
    os.close(plain)


def test_a_pad_is_found_by_a_part_of_its_name(devices: Path, tmp_path: Path) -> None:
    told_of = tmp_path / "sys"
    for event, name in (("event3", "AT Translated Keyboard"), ("event7", "Storm AudioNav EF\n")):
        (devices / event).touch()
        (told_of / event / "device").mkdir(parents=True)
        (told_of / event / "device" / "name").write_text(name)
    (pad,) = find_pads("audionav", devices, told_of)
    assert (pad.path.name, pad.name) == ("event7", "Storm AudioNav EF")
    assert find_pads("", devices, told_of) == []


def test_a_pad_that_the_rule_names_is_read_once_under_both_names(devices: Path) -> None:
    (devices / "event4").touch()
    (devices / "ekphrasis-keypad-event4").symlink_to("event4")
    assert [pad.path.name for pad in find_pads("", devices)] == ["event4"]
    assert len(find_pads("event4", devices)) == 1


def test_a_pad_that_cannot_be_grabbed_is_told_of_once(
    devices: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    pad = plug_in(devices)  # a pipe: the kernel grabs input devices only
    reader = KeypadReader(alone=True, devices=devices)
    reader.start()
    reader.look()
    assert reader.reading == []
    assert caplog.text.count("udev rule") == 1
    reader.close()
    os.close(pad)


def test_the_pad_speaks_to_a_window_without_focus_and_twice_told_is_once(
    reader: KeypadReader, devices: Path, qtbot: QtBot
) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    window = KioskWindow()
    qtbot.addWidget(window)
    pressed: list[object] = []
    window.pressed.connect(pressed.append)
    reader.key.connect(window.device_key)
    pad = plug_in(devices)
    reader.start()
    os.write(pad, press(105))  # the left arrow; the window is not even shown
    qtbot.waitUntil(lambda: len(pressed) == 1)
    window.show()
    QTest.keyClick(window, Qt.Key.Key_Left)  # the window's news of the same press
    assert len(pressed) == 1
    QTest.keyClick(window, Qt.Key.Key_Left)  # and of another one
    assert len(pressed) == 2
    os.close(pad)


def test_what_has_keys_is_listed_for_staff_and_a_power_button_is_not(tmp_path: Path) -> None:
    keys = {"event0": ("Power Button", "10000000000000 0"), "event1": ("Pad", "fff00000 0 0 7 0")}
    for event, (name, words) in keys.items():
        (tmp_path / event / "device" / "capabilities").mkdir(parents=True)
        (tmp_path / event / "device" / "capabilities" / "key").write_text(words + "\n")
        (tmp_path / event / "device" / "name").write_text(name)
    (tmp_path / "event2").mkdir()
    assert keyboards(tmp_path) == ["Pad"]
    assert keyboards(tmp_path / "missing") == []


def test_the_udev_rule_gives_the_name_that_the_reader_looks_for() -> None:
    rules = Path(__file__).parents[3] / "packaging" / "udev" / "70-ekphrasis-keypad.rules"
    lines = [line for line in rules.read_text().splitlines() if line and line[0] != "#"]
    given = [line for line in lines if line.startswith("ATTRS")]
    assert given
    for line in given:
        assert 'SYMLINK+="input/ekphrasis-keypad-%k"' in line
        assert 'TAG+="uaccess"' in line
    assert int(rules.name.split("-")[0]) < 73  # where uaccess is put into effect
