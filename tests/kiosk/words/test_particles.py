"""Korean particles after any word that a title may end with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.particles import particle


@pytest.mark.parametrize(
    ("word", "form", "said"),
    [
        ("그림", "을/를", "그림을"),
        ("화살표", "을/를", "화살표를"),
        ("엔터", "을/를", "엔터를"),
        ("홈", "으로/로", "홈으로"),
        ("물", "으로/로", "물로"),  # ㄹ takes 로
        ("물", "을/를", "물을"),
        ("길", "이/가", "길이"),
        ("H", "을/를", "H를"),
        ("M", "은/는", "M은"),
        ("1", "을/를", "1을"),
        ("1", "으로/로", "1로"),
        ("2", "을/를", "2를"),
        ("10", "이/가", "10이"),
        ("“모나리자”", "을/를", "“모나리자”를"),
        ("“다음”에서 스위치", "을/를", "“다음”에서 스위치를"),
        ("Les Moissonneurs", "이/가", "Les Moissonneurs가"),
        ("Salon", "을/를", "Salon을"),
        ("…", "을/를", "…를"),
    ],
)
def test_the_particle_follows_the_sound(word: str, form: str, said: str) -> None:
    assert particle(word, form) == said


@given(st.text(max_size=12), st.sampled_from(["을/를", "은/는", "이/가", "과/와", "으로/로"]))
def test_any_word_takes_exactly_one_particle(word: str, form: str) -> None:
    said = particle(word, form)
    assert said.startswith(word)
    assert said[len(word) :] in form.split("/")
