"""What commands say of rights, and of what is held back for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from kiosk.config import Settings
from kiosk.licences import spoken
from kiosk.progress import note
from kiosk.store.records import Kind

if TYPE_CHECKING:
    from kiosk.store.database import Store
    from kiosk.store.records import Artwork, Poem

IDS_NAMED = 10  # in a command that can be typed as it stands
AT_ONCE = 500  # records in memory


def rights_of(one: Poem | Artwork) -> dict[str, Any]:
    """Source, licence, holder and who confirmed it, for programs; what is not known is left out."""
    names = ("source", "licence", "rights_holder", "confirmed_by", "confirmed_at")
    return {name: value for name in names if (value := getattr(one, name))}


def rights_in_words(one: Poem | Artwork) -> dict[str, str]:
    """The same for people; a licence that is known by its address has its name beside it."""
    name = spoken(one.licence)
    known = name == " ".join(one.licence.split())
    day = "" if one.confirmed_at is None else f" on {one.confirmed_at[:10]}"
    return {
        "licence": one.licence if known else f"{name} ({one.licence})",
        "rights_holder": one.rights_holder,
        "confirmed": f"by {one.confirmed_by}{day}" if one.confirmed_by else "",
    }


def tell_held(
    store: Store, settings: Settings, kind: Kind, ids: Iterable[int], batch: int | None = None
) -> None:
    """How many of these are held back, why, and what to do; silence where none is."""
    from kiosk.rights import HeldBack, rule_of

    back = HeldBack(store, rule_of(settings))
    judged = 0
    reasons: Counter[str] = Counter()
    named: list[int] = []
    left = iter(ids)
    while some := list(islice(left, AT_ONCE)):  # an import may have brought very many
        for record, reason in back.reasons(kind, some):
            judged += 1
            if reason is not None:
                reasons[reason] += 1
                named += [record.id] if len(named) < IDS_NAMED else []
    held = reasons.total()
    if not held:
        return
    if batch is not None:
        which = f"--import {batch}"
    elif held <= IDS_NAMED:
        which = f"{kind} {' '.join(map(str, named))}"
    else:
        which = "--all"
    if judged == 1:
        head = f"This {kind} is held back: {next(iter(reasons))}."
    else:
        why = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
        head = f"{held} of {judged} {kind}s are held back ({why})."
    note(
        f"{head} Visitors do not meet what is held back until somebody says that it may be used: "
        f"`ekphrasis rights list --held` shows it, "
        f"`ekphrasis rights confirm {which} --by NAME` confirms it."
    )
