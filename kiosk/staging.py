"""What is shown and told at each stage: `Stage` -> `Screen`, `Stage` -> words. Pure."""

from __future__ import annotations

from kiosk import phrases
from kiosk.cards import ArtworkCard
from kiosk.controls import ControlProfile
from kiosk.narration import Narration, SpokenPoem, narrate_poem
from kiosk.screens import (
    ChooseScreen,
    HelpScreen,
    MessageScreen,
    ResultScreen,
    Screen,
    SearchingScreen,
    WelcomeScreen,
)
from kiosk.stages import (
    Choosing,
    Helping,
    Reading,
    Seeking,
    Stage,
    Stuck,
    Waiting,
    Welcoming,
    hints_for,
)


def screen_of(stage: Stage, artworks: tuple[ArtworkCard, ...], profile: ControlProfile) -> Screen:
    """The screen for `stage`; `artworks` is the list that its positions count in."""
    hints = hints_for(stage, profile)
    match stage:
        case Welcoming():
            return WelcomeScreen(
                phrases.NAME,
                phrases.welcome_text(),
                phrases.invitation(profile),
                _first(artworks),
                hints,
            )
        case Waiting():
            return MessageScreen(phrases.ONE_MOMENT, phrases.ARTWORKS_COMING, "", hints)
        case Choosing(position, dialled, notice):
            return ChooseScreen(
                heading=phrases.CHOOSE,
                artworks=artworks,
                position=position,
                place=phrases.painting_place(position, len(artworks)),
                dialled=dialled,
                notice=notice,
                hints=hints,
            )
        case Seeking(position, news):
            return SearchingScreen(phrases.SEARCHING, artworks[position], news, hints)
        case Reading(position=position):
            poem = stage.poems[stage.poem]
            return ResultScreen(
                artwork=artworks[position],
                poem=poem,
                lines=stage.lines,
                spoken_line=stage.spoken_line,
                place=phrases.poem_place(stage.poem, len(stage.poems)),
                extent=phrases.extent(is_part=poem.is_part, whole=stage.whole),
                hints=hints,
            )
        case Stuck(heading, text, for_staff):
            return MessageScreen(heading, text, for_staff, hints)
        case Helping(under, line):
            return HelpScreen(
                heading=phrases.HELP,
                about=phrases.about(type(under).__name__),
                lines=tuple(help_lines(under, profile)),
                position=line,
                hints=hints,
            )


def _first(artworks: tuple[ArtworkCard, ...]) -> ArtworkCard | None:
    """The first work that can be shown."""
    return next((artwork for artwork in artworks if artwork.picture is not None), None)


def where(stage: Stage, artworks: tuple[ArtworkCard, ...], profile: ControlProfile) -> str:
    """Where the visitor is, in words."""
    match stage:
        case Welcoming():
            return phrases.greeting(profile)
        case Waiting():
            return phrases.ARTWORKS_COMING
        case Choosing(position=position):
            return phrases.painting_said(position, artworks)
        case Seeking(position=position):
            return phrases.searching(artworks[position])
        case Reading(poems=poems, poem=poem):
            hint = phrases.poem_hint(stage.again, len(poems), profile)
            return f"{phrases.poem_named(poems[poem], poem, len(poems))} {hint}"
        case Stuck(text=text):
            return f"{text} {phrases.back_hint(profile)}"
        case Helping(under=under):
            return help_said(under, profile)


def poem_said(
    stage: Reading, artwork_title: str, profile: ControlProfile, narration_id: str
) -> Narration:
    """The poem of `stage` as it is told; the work is named where a title is given."""
    poem = stage.poems[stage.poem]
    return narrate_poem(
        SpokenPoem(
            title=poem.title,
            poet=poem.poet,
            lines=stage.lines,
            language=poem.language,
            part=poem.is_part,
            extent=phrases.extent(is_part=poem.is_part, whole=stage.whole),
        ),
        rank=stage.poem + 1,
        total=len(stage.poems),
        artwork_title=artwork_title,
        hint=phrases.poem_hint(stage.again, len(stage.poems), profile),
        language=phrases.LANGUAGE,
        narration_id=narration_id,
    )


def help_said(under: Stage, profile: ControlProfile) -> str:
    """All of help about `under`, in one breath."""
    about = phrases.about(type(under).__name__)
    return " ".join([about, *help_lines(under, profile), phrases.help_keys(profile)])


def help_lines(under: Stage, profile: ControlProfile) -> list[str]:
    """What each key does at `under`, a sentence each."""
    lines = [hint.sentence for hint in hints_for(under, profile)]
    return [*lines, phrases.help_digits()] if isinstance(under, Choosing) else lines
