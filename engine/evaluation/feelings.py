"""Glad and sad words, a short list of our own for a baseline: common in verse, plain in meaning."""

from __future__ import annotations

_GLAD = """
beauty beautiful bless blessed blessing bliss bloom blooming blossom bright brightest cheer
cheerful comfort dance dancing dawn dear delight dream dreams embrace fair free freedom fresh
friend friends garden gentle glad gladness gleam glory glow gold golden grace green happiness
happy heal heaven hope hopes joy joyful joyous kind kindness kiss laugh laughing laughter life
light love loved lovely lover loves loving merry music peace peaceful play pleasure pretty
pure radiant rejoice rose roses shine shining sing singing smile smiles smiling song songs
spring summer sun sunlight sunny sunrise sunshine sweet sweetly tender thank treasure warm
warmth welcome wonder wonderful young
"""
_SAD = """
abandoned ache afraid agony alone anger angry anguish ash ashes bitter black bleak bleed blind
blood broken burden buried cold cried cruel cry crying curse dark darkness dead death decay
despair destroy die died dies doom dread dreary dust dying empty evil fade faded fail fall
fallen farewell fear fears fierce forgotten gloom gone grave graves gray grey grief grieve
grim hate haunted heavy hell hunger hurt ill lament lonely lost mourn mourning mournful murder
night pain pale perish poison poor regret rot ruin ruins sad sadness scar scream shadow
shadows shame sick sigh silence sorrow sorrowful sorrows storm suffer tear tears terror tomb
torn tragic trouble ugly vain wail war weary weep weeping winter woe worn wound wounds wretched
"""

GLAD = frozenset(_GLAD.split())
SAD = frozenset(_SAD.split())
