"""`make evaluate`: how good the default model's answers are, into docs/model-card.md.

    make evaluate DATA=FOLDER              all of it
    make evaluate DATA=FOLDER ONLY=poems   a part

FOLDER holds the data that no training of the model saw, in the form the training reads it (see
docs/training.md). What each part measured is kept in docs/model-card.json with the bundle it was
measured on; a part whose data is not there keeps its last figures, and the page says of which
bundle they are. Nothing of it is chosen by: these are figures to look at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from engine import find_bundle
from engine.loading import load_encoder
from kiosk.config import load_settings
from tests.evaluate import (
    judgements,
    languages,
    paintings,
    photographs,
    poems,
    reasons,
    titles,
)
from tests.evaluate.page import Measured, Subject, page

PARTS: dict[str, ModuleType] = {
    "photographs": photographs,
    "paintings": paintings,
    "poems": poems,
    "titles": titles,
    "languages": languages,
    "judgements": judgements,
    "reasons": reasons,
}
DOCS = Path(__file__).resolve().parents[2] / "docs"
RECORD, PAGE = DOCS / "model-card.json", DOCS / "model-card.md"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="held-out data")
    parser.add_argument("--only", default="", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--page", action="store_true", help="write the page anew, measure nothing")
    options = parser.parse_args()
    if options.only and options.only not in PARTS:
        print(f"There is no part {options.only!r}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if not options.page:
        settings = load_settings()
        bundle = find_bundle(settings.bundles_dir, settings.bundle)
        subject = Subject(bundle, load_encoder(bundle), settings, options.data)
        for name, part in PARTS.items():
            if options.only not in ("", name):
                continue
            print(f"{name} …", flush=True)
            figures = part.measure(subject)
            if figures is None:
                print(f"{name}: {part.NEEDS}; its last figures stay", file=sys.stderr)
                continue
            record[name] = {
                "bundle": f"{bundle.name} {bundle.version}",
                "fingerprint": bundle.fingerprint,
                "date": datetime.now(UTC).date().isoformat(),
                "figures": figures,
            }
            print(json.dumps(figures, ensure_ascii=False), flush=True)
            RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    kept = {name: Measured(**one) for name, one in record.items()}
    PAGE.write_text(page({name: (part, kept.get(name)) for name, part in PARTS.items()}), "utf-8")
    print(f"written to {PAGE.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
