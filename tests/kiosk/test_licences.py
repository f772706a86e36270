"""Licences by address and by name, and what reserves all rights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.licences import STATEMENTS, recognise, reserves_all, spoken


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("CC0", "Creative Commons Zero"),
        ("CC0-1.0", "Creative Commons Zero"),
        ("CC0 1.0 Universal", "Creative Commons Zero"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "Creative Commons Zero"),
        ("http://creativecommons.org/publicdomain/mark/1.0/deed.de", "Public Domain Mark"),
        ("Public Domain Mark 1.0", "Public Domain Mark"),
        ("public  DOMAIN", "public domain"),
        ("Public domain.", "public domain"),
        ("Dominio público", "public domain"),
        ("CC BY 4.0", "Creative Commons Attribution 4.0"),
        ("cc-by-4.0", "Creative Commons Attribution 4.0"),
        ("CC-BY-SA", "Creative Commons Attribution ShareAlike"),
        ("CC BY-NC-ND 3.0", "Creative Commons Attribution NonCommercial NoDerivatives 3.0"),
        (
            "Creative Commons Attribution-ShareAlike 4.0 International License",
            "Creative Commons Attribution ShareAlike 4.0",
        ),
        (
            "Licensed under https://creativecommons.org/licenses/by-nc-sa/2.5/es/",
            "Creative Commons Attribution NonCommercial ShareAlike 2.5",
        ),
        ("http://rightsstatements.org/vocab/InC/1.0/", "In Copyright"),
        ("https://rightsstatements.org/page/NKC/1.0/?language=en", "No Known Copyright"),
        ("In Copyright - Educational Use Permitted", "In Copyright, Educational Use Permitted"),
        ("NoC-US", "No Copyright, United States"),
        ("GPL-3.0-or-later", "GNU General Public License 3.0 or later"),
        ("GPLv3", "GNU General Public License 3"),
    ],
)
def test_well_known_ones_have_one_name(written: str, name: str) -> None:
    assert spoken(written) == name


@pytest.mark.parametrize(
    "written", ["", "by kind permission", "BY 4.0", "ask the family", "CC BY or so, perhaps"]
)
def test_others_are_told_as_they_are_written(written: str) -> None:
    assert recognise(written) is None
    assert spoken(f" {written}  ") == written


@pytest.mark.parametrize(
    "written",
    [
        "In copyright",
        "in-copyright",
        "All Rights Reserved",
        "© 2019 A Press. All rights reserved.",
        "© the estate",
        "Rights reserved by the family",
        "Todos los derechos reservados",
        "무단 전재 금지",
        "http://rightsstatements.org/vocab/InC-NC/1.0/",
        "InC",
    ],
)
def test_reserved(written: str) -> None:
    assert reserves_all(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "CC BY 4.0",
        "Not in copyright",
        "no longer in copyright in the EU",
        "Some rights reserved",
        "No rights reserved",
        "out of copyright",
        "No Known Copyright",
        "http://rightsstatements.org/vocab/NoC-NC/1.0/",
        "public domain",
        "used by permission",
    ],
)
def test_not_reserved(written: str) -> None:
    assert not reserves_all(written)


def test_each_statement_is_known_by_address_and_by_name() -> None:
    for code, licence in STATEMENTS.items():
        assert recognise(f"http://rightsstatements.org/vocab/{code.upper()}/1.0/") == licence
        assert recognise(licence.name.replace(",", " -")) == licence


@given(st.text(max_size=200))
def test_any_text_at_all_has_a_name(text: str) -> None:
    assert spoken(spoken(text)) or not spoken(text)
    reserves_all(text)
