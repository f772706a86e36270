"""The right sound device among those that are connected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.speech.sound_route import Output, choose_output, is_headset, with_ports

BUILT_IN = Output("a", "Built-in Audio Analog Stereo", is_default=True)
SCREEN = Output("b", "HDMI Audio")
HEADSET = Output("c", "Jabra USB Headset")
PHONES = Output("d", "Tiger Lake Headphones")


@pytest.mark.parametrize(
    ("connected", "wanted", "right"),
    [
        ([], "", None),
        ([SCREEN, BUILT_IN], "", BUILT_IN),
        ([SCREEN, BUILT_IN], "hdmi", SCREEN),
        ([BUILT_IN], "hdmi", BUILT_IN),
        ([BUILT_IN, SCREEN, HEADSET], "", HEADSET),
        ([BUILT_IN, SCREEN, HEADSET], "hdmi", HEADSET),
        ([HEADSET, PHONES], "tiger", PHONES),
        ([SCREEN], "", SCREEN),
    ],
)
def test_a_headset_comes_first_then_the_setting_then_the_default(
    connected: list[Output], wanted: str, right: Output | None
) -> None:
    assert choose_output(connected, wanted) == right


@given(st.lists(st.sampled_from([BUILT_IN, SCREEN, HEADSET, PHONES])), st.text(max_size=5))
def test_something_that_is_connected_is_chosen(connected: list[Output], wanted: str) -> None:
    chosen = choose_output(connected, wanted)
    assert (chosen in connected) if connected else (chosen is None)
    if any(is_headset(output.name) for output in connected):
        assert chosen is not None
        assert is_headset(chosen.name)


@pytest.mark.parametrize("name", ["USB_Headset", "Kopfhörer", "Head-phones", "Earbuds 2", "헤드폰"])
def test_a_headset_is_known_by_its_name(name: str) -> None:
    assert is_headset(name)
    assert not is_headset("Overhead projector")


def test_a_jack_on_the_same_card_is_told_by_its_port() -> None:
    (output,) = with_ports([BUILT_IN], {"a": "Headphones"})
    assert output.id == "a"
    assert is_headset(output.name)
    (output,) = with_ports([BUILT_IN], {"a": "Line Out"})
    assert not is_headset(output.name)


def test_what_the_sound_server_has_no_more_is_not_chosen() -> None:
    assert with_ports([BUILT_IN, HEADSET], {"a": ""}) == [BUILT_IN]
    assert with_ports([BUILT_IN, HEADSET], None) == [BUILT_IN, HEADSET]
    # It speaks of something else than Qt does: believe Qt.
    assert with_ports([BUILT_IN, HEADSET], {"x": ""}) == [BUILT_IN, HEADSET]
