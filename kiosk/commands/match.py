"""`ekphrasis match`: poems for a picture file, or for a work of the collection."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine import Reason
from engine.errors import InputError
from kiosk.config import Settings
from kiosk.visit.why_said import why_said
from kiosk.words.catalogue import words_in
from kiosk.words.marked import plain

if TYPE_CHECKING:
    from kiosk.cards import MatchedPoem
    from kiosk.matching import MatchedAnswer
    from kiosk.store.records import Artwork
    from kiosk.words.catalogue import Words


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("match", help="find poems for a picture")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("image", nargs="?", type=Path, metavar="IMAGE", help="a picture file")
    what.add_argument("--artwork", type=int, metavar="ID", help="a work of the collection")
    parser.add_argument("--k", type=_positive, default=5, help="how many poems (default 5)")
    parser.add_argument("--title", default="", help="what the picture is called")
    parser.add_argument("--description", default="", help="what is to be seen on it")
    parser.add_argument(
        "--language", metavar="TAG", help="whose poems come first (default: the house's)"
    )
    parser.add_argument("--why", action="store_true", help="say why each poem was chosen")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--speak", type=Path, metavar="OUT.wav", help="speak the poems to a file")
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Match, print, and speak if asked."""
    from engine import find_bundle
    from kiosk.matching import MatchService, join_words
    from kiosk.progress import Told, note
    from kiosk.store.database import open_store

    if args.artwork is not None and (args.title or args.description):
        raise InputError("--title and --description belong to a picture file, not to --artwork.")
    if args.speak is not None and not args.speak.absolute().parent.is_dir():
        raise InputError(f"There is no folder {args.speak.absolute().parent} to speak into.")
    picture = None
    if args.image is not None:  # a bad picture is refused before anything is loaded
        from engine.picture import load_picture

        picture = load_picture(args.image)

    start = perf_counter()
    with open_store(settings.store_place) as store:
        artwork = None if args.artwork is None else store.artworks.get(args.artwork)
        if args.artwork is not None and artwork is None:
            raise InputError(
                f"There is no artwork {args.artwork}; `ekphrasis artworks list` shows them."
            )
        if store.poems.count() == 0:
            note("The store holds no poems yet; bring some with: ekphrasis poems import FILE")
        service = MatchService(settings, store, with_held=True)
        with Told() as told:
            service.load(told)
        load_ms = (perf_counter() - start) * 1000
        if picture is not None:
            words = join_words(args.title, args.description)
            answer = service.match_picture(picture, words, args.k, args.language)
        else:
            answer = service.match_artwork(args.artwork, args.k, args.language)
        if args.why:
            answer = service.explain(answer)
        held = _Held(service.held.poems(), service.held.artworks())
        bundle = find_bundle(settings.bundles_dir, settings.bundle)

    if not bundle.reranks:
        note(f"{bundle.name} has no cross-encoder: these poems are ranked by similarity alone.")
    if args.speak is not None:
        _speak_free(answer.matches, artwork, held, args.speak, settings)
        note(f"Spoken to {args.speak}")
    told_in = words_in(args.language or settings.language) if args.why else None
    if args.json:
        told_bundle = {"name": bundle.name, "version": bundle.version}
        if not bundle.reranks:
            told_bundle["ranked_by"] = "similarity"
        told_as = _as_json(artwork, answer, load_ms, told_bundle, held, told_in)
        print(json.dumps(told_as, ensure_ascii=False))
    else:
        print(_as_text(answer.matches, "score" if bundle.reranks else "similarity", held, told_in))
    return 0


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held back for its rights, by id."""

    poems: frozenset[int]
    works: frozenset[int]


def _speak_free(
    matches: tuple[MatchedPoem, ...],
    artwork: Artwork | None,
    held: _Held,
    path: Path,
    settings: Settings,
) -> None:
    """Speak what is not held back, and say what is. Raises `InputError` where nothing is left."""
    from kiosk.progress import note

    spoken = tuple(poem for poem in matches if poem.poem_id not in held.poems)
    named = None if artwork is not None and artwork.id in held.works else artwork
    if silent := _not_spoken(len(matches) - len(spoken), named is not artwork):
        if not spoken:
            raise InputError(f"Nothing was spoken. {silent}")
        note(silent)
    _speak(spoken, named, path, settings)


def _not_spoken(poems: int, work: bool) -> str:
    """A sentence about what is held back for its rights; "" where nothing is."""
    what = [f"{poems} of the poems"] if poems else []
    what += ["the name of the work"] if work else []
    if not what:
        return ""
    return (
        f"Not spoken: {' and '.join(what)}, held back until somebody confirms the rights; "
        "`ekphrasis rights list --held` shows what and why."
    )


def _as_json(
    artwork: Artwork | None,
    answer: MatchedAnswer,
    load_ms: float,
    bundle: dict[str, str],
    held: _Held,
    words: Words | None,
) -> dict[str, Any]:
    timing = answer.timing_ms
    return {
        "artwork": None
        if artwork is None
        else {
            "id": artwork.id,
            "number": artwork.number,
            "title": artwork.title,
            "artist": artwork.artist,
            "date": artwork.date,
            **({"held": True} if artwork.id in held.works else {}),
        },
        "matches": [
            {
                "rank": poem.rank,
                "poem_id": poem.poem_id,
                "passage_id": poem.passage_id,
                "title": poem.title,
                "poet": poem.poet,
                "lines": list(poem.lines),
                "score": round(poem.score, 6),
                "similarity": round(poem.similarity, 6),
                **({"held": True} if poem.poem_id in held.poems else {}),
                **({} if words is None else {"why": _why(poem, words)}),
            }
            for poem in answer.matches
        ],
        "timing_ms": {
            "load": round(load_ms, 1),
            "encode": round(timing.encode, 1),
            "search": round(timing.search, 1),
            "rerank": round(timing.rerank, 1),
            "total": round(load_ms + timing.total, 1),
        },
        "bundle": bundle,
    }


def _why(poem: MatchedPoem, words: Words) -> dict[str, Any]:
    """The sentence, "" where there is nothing to say, and what it was made of."""
    reason = poem.reason or Reason()
    return {
        "sentence": plain(why_said(poem, words)),
        "line": reason.line,
        "line_share": reason.line_share,
        "shared": [asdict(one) for one in reason.shared],
    }


def _as_text(
    matches: tuple[MatchedPoem, ...], figure: str, held: _Held, words: Words | None
) -> str:
    if not matches:
        return "No poem was found."
    blocks = []
    for poem in matches:
        mark = ", held" if poem.poem_id in held.poems else ""
        head = f"{poem.rank}. {poem.title}, {poem.poet}   ({figure} {poem.score:.2f}{mark})"
        body = "\n".join(f"   {line}".rstrip() for line in poem.lines)
        why = "" if words is None else plain(why_said(poem, words))
        blocks.append(f"{head}\n\n{body}" + (f"\n\n   {why}" if why else ""))
    return "\n\n\n".join(blocks)


def _speak(
    matches: tuple[MatchedPoem, ...], artwork: Artwork | None, path: Path, settings: Settings
) -> None:
    from kiosk.narration import SpokenPoem, narrate_poem
    from kiosk.speech.synthesisers import open_synthesiser
    from kiosk.speech.to_file import speak_to_file

    narrations = [
        narrate_poem(
            SpokenPoem(
                title=poem.title,
                poet=poem.poet,
                lines=poem.lines,
                language=poem.language,
                part=poem.is_part,
            ),
            rank=rank,
            total=len(matches),
            artwork_title=artwork.title if artwork is not None and rank == 1 else "",
        )
        for rank, poem in enumerate(matches, start=1)
    ]
    speak_to_file(narrations, path, settings, synthesiser=open_synthesiser(settings))
