"""The methods that are compared: each ranks all English starter poems for each starter painting.

- Shared words: BM25 between what is known of the painting and the poem.
- Words, picture, picture and words: the query of each, by the bi-encoder alone, and reranked as
  the kiosk does it. `PLAYED` is what a visitor hears.
- The picture beside a title that says nothing: one that the kiosk knows to be silent, and one that
  it does not know.

Words are what `words_of` gives, so what is compared is what the kiosk has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine import Curation, Query, QueryEncoder, find_bundle
from engine.evaluation.lexical import Bm25
from engine.index import Index
from engine.loading import load_encoder
from engine.picture import load_picture
from engine.pipeline import RERANKED, Engine
from engine.types import PassageTokens
from kiosk.config import Settings
from kiosk.encoding import encode_missing, open_index
from kiosk.judgements.named import Named
from kiosk.own_language import ReadByModel
from kiosk.store.database import Store
from kiosk.store.records import Artwork
from kiosk.work_words import words_of

Told = Callable[[str, int, int], None]
Ranking = Sequence[str]  # names of poems, best first
Rankings = Mapping[str, Mapping[str, Ranking]]  # by method, then by painting

SHARED_WORDS = "shared words (BM25)"
WORDS, WORDS_READ = "words alone, bi-encoder", "words alone, reranked"
PICTURE, PICTURE_READ = "picture alone, bi-encoder", "picture alone, reranked"
BOTH, PLAYED = "picture and words, bi-encoder", "picture and words, reranked"
UNTITLED, STUDY = "picture and “Untitled”, reranked", "picture and “Study No. 3”, reranked"
SILENT = {UNTITLED: "Untitled", STUDY: "Study No. 3"}
METHODS = (SHARED_WORDS, WORDS, WORDS_READ, PICTURE, PICTURE_READ, BOTH, PLAYED, UNTITLED, STUDY)


class ReadOnce:
    """Remembers how an encoder read each passage: for the many queries of a measurement."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encoder = encoder
        self._read: dict[tuple[str, str], PassageTokens] = {}

    def tokens(self, texts: Sequence[str], *, subjects: Sequence[str] = ()) -> list[PassageTokens]:
        """The passages' tokens, in their order; only those are read that are new."""
        asked = list(zip(texts, subjects or [""] * len(texts), strict=True))
        fresh = [one for one in dict.fromkeys(asked) if one not in self._read]
        read = self._encoder.tokens(
            [text for text, _ in fresh], subjects=[about for _, about in fresh]
        )
        self._read.update(zip(fresh, read, strict=True))
        return [self._read[one] for one in asked]


@dataclass(frozen=True, slots=True)
class _Ranker:
    """One model and one index, asked for whole rankings."""

    engine: Engine
    index: Index
    named: Named

    def by_vector(self, query: Query) -> list[str]:
        """All poems in the bi-encoder's order."""
        vector = self.engine.encode(query).vector
        poems = self.named.poems
        nearest = self.index.search(vector, len(poems), hidden=self.named.others)
        return self._names([one.poem_id for one in nearest])

    def reread(self, query: Query, by_vector: Ranking) -> list[str]:
        """The same with those that the kiosk reranks in the cross-encoder's order."""
        hidden = Curation(hidden=self.named.others)
        answer = self.engine.match(query, RERANKED, curation=hidden)
        first = self._names([match.poem_id for match in answer.matches])
        return [*first, *(poem for poem in by_vector if poem not in set(first))]

    def _names(self, ids: Sequence[int]) -> list[str]:
        names = {poem_id: name for name, poem_id in self.named.poems.items()}
        return [names[poem_id] for poem_id in ids]


def rank_all(settings: Settings, store: Store, named: Named, told: Told) -> Rankings:
    """Every method's ranking of every painting that has a picture.

    Raises `BundleError` and `PictureError` as matching does.
    """
    bundle = find_bundle(settings.bundles_dir, settings.bundle)
    encoder = load_encoder(bundle)
    encode_missing(
        store, encoder, bundle.fingerprint, lambda done, of: told("encoding poems", done, of)
    )
    index = open_index(store, bundle.fingerprint, encoder.dimensions, settings.cache_dir)
    engine = Engine(encoder, index, ReadByModel(store.poems), ReadOnce(encoder))
    ranker = _Ranker(engine, index, named)
    poems = store.poems.get_many(list(named.poems.values()))
    shared = Bm25([f"{poem.title}\n{poem.text}" for poem in poems])
    found: dict[str, dict[str, Ranking]] = {method: {} for method in METHODS}
    for done, (painting, artwork) in enumerate(named.paintings.items(), start=1):
        scores = shared.scores(words_of(artwork))
        lexical = [name for _, name in sorted(zip(-scores, named.poems, strict=True))]
        found[SHARED_WORDS][painting] = lexical
        for method, ranking in _of_model(ranker, store, artwork).items():
            found[method][painting] = ranking
        told("ranking paintings", done, len(named.paintings))
    return found


def _of_model(ranker: _Ranker, store: Store, artwork: Artwork) -> dict[str, Ranking]:
    path = store.picture_path(artwork)
    if path is None:
        return {}
    picture, words = load_picture(path), words_of(artwork)
    asked = {
        (WORDS, WORDS_READ): Query(None, words),
        (PICTURE, PICTURE_READ): Query(picture),
        (BOTH, PLAYED): Query(picture, words),
    }
    found: dict[str, Ranking] = {}
    for (plain, reread), query in asked.items():
        found[plain] = ranker.by_vector(query)
        found[reread] = ranker.reread(query, found[plain])
    for method, title in SILENT.items():
        said = words_of(replace(artwork, title=title, artist="", date="", description=""))
        query = Query(picture, said)
        found[method] = ranker.reread(query, ranker.by_vector(query))
    return found
