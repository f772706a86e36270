"""The words of the visit in English: whatever the session says or shows, apart from verse.

One place, so that another language is another module like this one.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.cards import ArtworkCard, MatchedPoem
from kiosk.controls import Control, ControlProfile

NAME = "Ekphrasis"
SUBTITLE = "A painting is answered with poems."
LANGUAGE = "en"

GOODBYE = "This visit is over. Press any key to begin again."
NO_ARTWORKS = "There are no paintings here yet. Please ask the staff."
NO_ARTWORKS_STAFF = (
    "Add works with: ekphrasis artworks import FILE. What the file holds is told by: "
    "ekphrasis artworks import --help."
)
ARTWORKS_COMING = "The paintings are being fetched. One moment."
ENGINE_LOADING = "The kiosk is still waking up. This takes a moment."
ENGINE_READY = "It is awake now."
STILL_LOOKING = "Still looking."
STILL_WAKING = "Still waking up."
ONE_MOMENT = "One moment, please"
FAILED = "This did not work"
EMPTY = "No paintings yet"
NOTHING = "No poem found"
CHOOSE = "Choose a painting"
SEARCHING = "Looking for poems"
HELP = "What each key does here"
STILL_HERE = "You have more time."


def greeting(profile: ControlProfile) -> str:
    """What this is and what to press: all that a visitor who knows nothing needs."""
    keys = profile.spoken
    return (
        f"Welcome to {NAME}. Choose a painting, and hear poems that answer it. "
        f"Press {keys[Control.SELECT]} to choose a painting, "
        f"or {keys[Control.HELP]} at any time for help."
    )


ABOUT = {
    "Welcoming": "You are at the welcome.",
    "Waiting": "The paintings are being fetched.",
    "Choosing": "You are in the list of paintings.",
    "Seeking": "Poems are being looked for.",
    "Reading": "You are with the poems for one painting.",
    "Stuck": "The kiosk has a message for you.",
}


def about(stage: str) -> str:
    """Where one is, as help begins."""
    return ABOUT[stage]


def welcome_text() -> str:
    """The same for the eye, without the keys, which stand below."""
    return "Choose a painting, and hear poems that answer it."


def invitation(profile: ControlProfile) -> str:
    """What to press first."""
    return f"Press {profile.spoken[Control.SELECT]} to choose a painting"


def by(artwork: ArtworkCard) -> str:
    """The work as a label names it, in one breath."""
    named = f"{artwork.title}, by {artwork.artist}" if artwork.artist else artwork.title
    return f"{named}, {artwork.date}" if artwork.date else named


def painting_place(position: int, count: int) -> str:
    """Where one is in the list; `position` counts from 0."""
    return f"Painting {position + 1} of {count}"


def painting_said(position: int, artworks: tuple[ArtworkCard, ...]) -> str:
    """One painting of the list, with its place and the number on its label."""
    artwork = artworks[position]
    number = f" Number {artwork.number}." if artwork.number else ""
    return f"{painting_place(position, len(artworks))}.{number} {by(artwork)}."


def choose_hint(profile: ControlProfile) -> str:
    """How to move in the list, said once on arriving."""
    keys = profile.spoken
    return (
        f"{_capital(keys[Control.NEXT])} and {keys[Control.PREVIOUS]} move through the list. "
        f"{_capital(keys[Control.SELECT])} finds poems. "
        "Or type the number on the wall label."
    )


def digits(number: str) -> str:
    """A number as it is dialled, one digit after another."""
    return " ".join(number)


def number_found(number: str, artwork: ArtworkCard, profile: ControlProfile) -> str:
    """The number on the label is known."""
    return f"{digits(number)}: {by(artwork)}. {profile.spoken[Control.SELECT]} finds poems."


def number_shown(number: str) -> str:
    """The same for the eye, which sees the painting chosen."""
    return f"Number {number}"


def number_begun(number: str) -> str:
    """Some labels' numbers begin so."""
    return f"{digits(number)}. Go on dialling."


def number_unknown(number: str, known: Iterable[str], profile: ControlProfile) -> str:
    """No label has this number: what is wrong, and what to do."""
    numbers = [label for label in known if label]
    span = f" The labels go from {numbers[0]} to {numbers[-1]}." if numbers else ""
    return (
        f"No painting has the number {digits(number)}.{span} "
        f"Press {profile.spoken[Control.BACK]} to clear it."
    )


def number_cleared(place: str) -> str:
    """The dialled digits are gone; `place` is a sentence."""
    return f"Number cleared. {place}"


def searching(artwork: ArtworkCard) -> str:
    """The search has begun."""
    return f"Looking for poems for {artwork.title}."


def found(count: int, artwork: ArtworkCard) -> str:
    """The search has ended well."""
    return f"{count} {'poem' if count == 1 else 'poems'} for {artwork.title}."


def none_found(artwork: ArtworkCard) -> str:
    """The search has ended with nothing."""
    return f"No poem was found for {artwork.title}. Please choose another painting."


def poem_place(position: int, count: int) -> str:
    """Where one is among the poems; `position` counts from 0."""
    return f"Poem {position + 1} of {count}"


def extent(*, is_part: bool, whole: bool) -> str:
    """How much of the poem is here, where that needs saying."""
    if not is_part:
        return ""
    return "the whole poem" if whole else "a part of the poem"


def poem_hint(again: str, count: int, profile: ControlProfile) -> str:
    """What one can do when a poem has been heard."""
    keys = profile.spoken
    other = f"{_capital(keys[Control.NEXT])} for the next poem. " if count > 1 else ""
    return f"{other}{keys[Control.SELECT]}: {again}."


def poem_named(poem: MatchedPoem, position: int, count: int) -> str:
    """A poem without its lines."""
    return f"{poem_place(position, count)}: {poem.title}, by {poem.poet}."


def back_hint(profile: ControlProfile) -> str:
    """The way on from a message."""
    return f"Press {profile.spoken[Control.BACK]} to go back."


def other_key(profile: ControlProfile) -> str:
    """A key was pressed that means nothing here."""
    return f"This key does nothing. {profile.spoken[Control.HELP]} says what each key does here."


def idle_warning(seconds: int) -> str:
    """Said before a visit is ended for want of keys."""
    return (
        f"Are you still there? Press any key to stay. "
        f"Otherwise the kiosk starts afresh in {seconds} seconds."
    )


def help_line(control: Control, does: str, profile: ControlProfile) -> str:
    """What one key does here."""
    return f"{_capital(profile.spoken[control])}: {does}."


def help_digits() -> str:
    """What digits do, where they do something."""
    return "Digits: the number on a wall label."


def help_keys(profile: ControlProfile) -> str:
    """How help itself is left, said last."""
    return f"{_capital(profile.spoken[Control.BACK])} leaves help."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
