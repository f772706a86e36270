"""What a licence is called, and whether it gives anything away.

Licences are kept as they were written. A well-known one is recognised by its address or by the
names that people give it, and then has one name that can be spoken. Facts from creativecommons.org,
rightsstatements.org and spdx.org. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Licence:
    """One that is known."""

    name: str  # as it is spoken; English
    reserved: bool = False  # whether it keeps all rights, or all but narrow ones


PUBLIC_DOMAIN = Licence("public domain")
PUBLIC_DOMAIN_MARK = Licence("Public Domain Mark")
ZERO = Licence("Creative Commons Zero")

STATEMENTS = {  # of rightsstatements.org, by the last part of the address
    "inc": Licence("In Copyright", reserved=True),
    "inc-ow-eu": Licence("In Copyright, EU Orphan Work", reserved=True),
    "inc-edu": Licence("In Copyright, Educational Use Permitted", reserved=True),
    "inc-nc": Licence("In Copyright, Non-Commercial Use Permitted", reserved=True),
    "inc-ruu": Licence("In Copyright, Rights-holder Unlocatable or Unidentifiable", reserved=True),
    "noc-cr": Licence("No Copyright, Contractual Restrictions"),
    "noc-nc": Licence("No Copyright, Non-Commercial Use Only"),
    "noc-oklr": Licence("No Copyright, Other Known Legal Restrictions"),
    "noc-us": Licence("No Copyright, United States"),
    "cne": Licence("Copyright Not Evaluated"),
    "und": Licence("Copyright Undetermined"),
    "nkc": Licence("No Known Copyright"),
}
PLAIN = {  # names without a number, as `_bare` leaves them
    "public domain": PUBLIC_DOMAIN,
    "in the public domain": PUBLIC_DOMAIN,
    "pd": PUBLIC_DOMAIN,
    "dominio público": PUBLIC_DOMAIN,
    "domaine public": PUBLIC_DOMAIN,
    "gemeinfrei": PUBLIC_DOMAIN,
    "퍼블릭 도메인": PUBLIC_DOMAIN,
    "public domain mark": PUBLIC_DOMAIN_MARK,
    "pdm": PUBLIC_DOMAIN_MARK,
    "cc pdm": PUBLIC_DOMAIN_MARK,
    "cc0": ZERO,
    "cc 0": ZERO,
    "cc zero": ZERO,
    "creative commons zero": ZERO,
    "creative commons cc0": ZERO,
    "all rights reserved": Licence("All rights reserved", reserved=True),
}
TERMS = {"by": "Attribution", "nc": "NonCommercial", "nd": "NoDerivatives", "sa": "ShareAlike"}
GNU = {
    "gpl": "GNU General Public License",
    "lgpl": "GNU Lesser General Public License",
    "agpl": "GNU Affero General Public License",
    "gfdl": "GNU Free Documentation License",
}

CC_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-(?:nc|nd|sa))*)|publicdomain/"
    r"(?P<public>zero|mark))(?:/(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
STATEMENT_ADDRESS = re.compile(r"rightsstatements\.org/(?:vocab|page)/([a-z-]+)", re.IGNORECASE)
VERSION = re.compile(r"\bv?(\d\.\d)\b")
# Words that say nothing more.
FILLING = re.compile(
    r"\b(?:licen[cs]ed?|international|universal|unported|generic|dedication|version|the|under)\b"
)
LONG_TERMS = (
    (re.compile(r"non ?commercial"), "nc"),
    (re.compile(r"no ?deriv(?:ative)?s?(?: works)?"), "nd"),
    (re.compile(r"share ?alike"), "sa"),
    (re.compile(r"attribution"), "by"),
)
CC_NAME = re.compile(r"(?:cc|creative commons) (by(?: (?:nc|nd|sa))*)")
GNU_NAME = re.compile(r"(?:gnu )?(a?gpl|lgpl|gfdl)(?:v| )?(\d(?:\.\d)?)?( or later| only|\+)?")

# A claim within a longer text. "Not in copyright" and "some rights reserved" are none.
RESERVES = re.compile(
    r"(?<!not )(?<!no longer )(?<!out of or )\bin copyright\b"
    r"|(?<!some )(?<!no )\brights reserved\b"
    r"|\bstill (?:under|protected by) copyright\b|\bcopyright(?:ed)? protected\b"
    r"|\btodos los derechos reservados\b|\bprotegid[oa] por (?:derechos|copyright)\b"
    r"|\btous droits réservés\b|\balle rechte vorbehalten\b|\btutti i diritti riservati\b"
    r"|모든 권리 보유|무단 ?전재|저작권 보호|©",
    re.IGNORECASE,
)


def recognise(text: str) -> Licence | None:
    """The licence that this name or address is of; None for any other text."""
    text = " ".join(text.split())
    if (address := CC_ADDRESS.search(text)) is not None:
        if address["public"]:
            return ZERO if address["public"].lower() == "zero" else PUBLIC_DOMAIN_MARK
        return _creative_commons(address["terms"].lower().split("-"), address["version"])
    if (address := STATEMENT_ADDRESS.search(text)) is not None:
        return STATEMENTS.get(address[1].lower())
    bare = _bare(text)
    gnu = GNU_NAME.fullmatch(bare)
    if gnu is not None:
        return _gnu(gnu[1], gnu[2], gnu[3])
    version = VERSION.search(bare)
    bare = " ".join(VERSION.sub(" ", bare).split())
    if (plain := PLAIN.get(bare)) is not None:
        return plain
    for name, licence in STATEMENTS.items():
        if bare in (name.replace("-", " "), _bare(licence.name)):
            return licence
    for pattern, short in LONG_TERMS:
        bare = pattern.sub(short, bare)
    named = CC_NAME.fullmatch(bare)
    if named is None:
        return None
    return _creative_commons(named[1].split(), version[1] if version else None)


def spoken(text: str) -> str:
    """What a licence is called aloud: its one name if it is known, else what was written."""
    known = recognise(text)
    return " ".join(text.split()) if known is None else known.name


@lru_cache(maxsize=1024)  # a collection has few licences, and asks once for each of its poems
def reserves_all(text: str) -> bool:
    """Whether this says that all rights are reserved, or all but narrow ones."""
    known = recognise(text)
    return RESERVES.search(text) is not None if known is None else known.reserved


def _bare(text: str) -> str:
    """Lower case, signs as blanks, without words that say nothing more."""
    text = re.sub(r"[-_–—/,;:()\"“”]+|\.(?!\d)", " ", text.casefold())
    return " ".join(FILLING.sub(" ", text).split())


def _creative_commons(terms: list[str], version: str | None) -> Licence:
    order = [term for term in TERMS if term in terms]
    name = " ".join(["Creative Commons", *(TERMS[term] for term in order)])
    return Licence(f"{name} {version}" if version else name)


def _gnu(family: str, version: str | None, more: str | None) -> Licence:
    name = GNU[family] + (f" {version}" if version else "")
    return Licence(f"{name} or later" if (more or "").strip() in ("or later", "+") else name)
