"""Where each puzzle piece of the starter paintings belongs, in pixels.

The figures were found once by laying neighbouring pieces so that the strips they share agree, and
looked at by eye; they hold for the pieces as Debian ships them (gcompris-qt 3.1). Board 13 of the
game, a photograph of a sculpture, is left out. The Degas is in the file though no board uses it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Board:
    """One painting and its pieces."""

    image: str  # name of the picture that is written
    size: tuple[int, int]  # width, height of the whole painting, pixels
    pieces: tuple[tuple[str, tuple[int, int]], ...]  # file name, (left, top); may hang over


def _board(image: str, prefix: str, size: tuple[int, int], places: str) -> Board:
    """`places` is a list of `suffix:left,top`; a piece's file is prefix + suffix + ".webp"."""
    pieces = []
    for place in places.split():
        suffix, corner = place.split(":")
        left, top = corner.split(",")
        pieces.append((f"{prefix}{suffix}.webp", (int(left), int(top))))
    return Board(image, size, tuple(pieces))


BOARDS: tuple[Board, ...] = (
    _board(
        "hokusai-great-wave.jpg",
        "GreatWave_",
        (665, 450),
        "a1:0,0 b1:127,0 c1:293,0 d1:492,0 a2:0,144 b2:160,114 c2:326,144 d2:492,114 a3:0,294 "
        "b3:160,264 c3:326,264 d3:492,264",
    ),
    _board(
        "hokusai-kazusa-sea-route.jpg",
        "KazusaSeaRoute_",
        (683, 450),
        "a1:0,0 b1:131,0 c1:241,0 d1:405,0 e1:541,0 a2:0,69 b2:104,69 c2:268,69 d2:378,86 "
        "e2:541,86 a3:0,159 b3:131,176 c3:241,176 d3:405,176 e3:541,159 a4:0,249 b4:131,249 "
        "c4:241,266 d4:405,266 e4:514,266 a5:0,339 b5:131,339 c5:268,356 d5:405,339 "
        "e5:514,356",
    ),
    _board(
        "hokusai-ryogoku-bridge.jpg",
        "HokusaiBridge_",
        (661, 450),
        "a1:0,0 b1:101,0 c1:260,0 d1:391,0 e1:523,0 a2:0,108 b2:101,108 c2:233,86 d2:365,108 "
        "e2:523,108 a3:0,199 b3:127,199 c3:233,221 d3:365,221 e3:523,199 a4:0,311 b4:101,333 "
        "c4:259,333 d4:365,311 e4:523,311",
    ),
    _board(
        "cassatt-summertime.jpg",
        "cassat_summertime_",
        (597, 440),
        "1:-1,-1 2:199,-1 3:399,-1 4:-1,220 5:199,220 6:399,220",
    ),
    _board(
        "bazille-aigues-mortes.jpg",
        "bazille_rampart_",
        (602, 354),
        "1:-4,-6 2:199,-6 3:402,-6 4:-4,177 5:199,177 6:402,177",
    ),
    _board(
        "bruegel-harvesters.jpg",
        "PieterBruegel_",
        (686, 500),
        "a1:0,0 b1:165,0 c1:337,0 d1:474,0 a2:0,119 b2:131,95 c2:337,119 d2:474,95 a3:0,244 "
        "b3:165,244 c3:337,244 d3:474,244 a4:0,369 b4:131,369 c4:303,369 d4:508,369",
    ),
    _board(
        "hokusai-ejiri.jpg",
        "EjiriSuruga_",
        (660, 450),
        "a1:0,0 b1:159,0 c1:325,0 d1:457,0 a2:0,114 b2:159,114 c2:325,114 d2:457,144 a3:0,294 "
        "b3:159,264 c3:292,264 d3:490,264",
    ),
    _board(
        "hiroshige-inokashira-snow.jpg",
        "HiroshigeInokashiraSnow_",
        (692, 440),
        "a1:-4,-5 b1:129,-5 c1:304,-5 d1:479,-5 a2:-4,103 b2:129,103 c2:304,103 d2:514,103 "
        "a3:-4,194 b3:164,216 c3:304,216 d3:514,194 a4:-4,328 b4:129,328 c4:339,306 "
        "d4:479,328",
    ),
    _board(
        "van-gogh-street-in-auvers.jpg",
        "gogh_auvert_",
        (596, 468),
        "1:-1,-1 2:199,-1 3:399,-1 4:-1,234 5:199,234 6:399,234",
    ),
    _board(
        "bellini-pesaro-castle.jpg",
        "PalaDiPesaro_",
        (680, 367),
        "a1:0,0 b1:172,0 c1:399,0 a2:0,94 b2:218,94 c2:445,94 a3:0,216 b3:172,239 c3:445,216",
    ),
    _board(
        "leonardo-mona-lisa.jpg",
        "MonaLisa_",
        (322, 500),
        "a1:0,0 b1:62,0 c1:158,0 d1:223,0 a2:0,160 b2:77,127 c2:158,127 d2:238,160 a3:0,327 "
        "b3:62,327 c3:158,327 d3:238,294",
    ),
    _board(
        "hokusai-woman-with-fan.jpg",
        "HokusaiWomanHoldingFan_",
        (308, 450),
        "a1:0,0 b1:79,0 c1:201,0 a2:0,114 b2:79,144 c2:201,114 a3:0,294 b3:79,264 c3:182,264",
    ),
    _board(
        "hokusai-oiran-and-kamuro.jpg",
        "HokusaiOiranKamuro_",
        (306, 450),
        "a1:0,0 b1:147,0 a2:0,144 b2:147,144 a3:0,264 b3:147,264",
    ),
    _board(
        "arcimboldo-librarian.jpg",
        "Arcimboldo_Librarian_",
        (298, 414),
        "a1:-3,-3 b1:94,-3 c1:176,-3 a2:-3,103 b2:75,131 c2:195,103 a3:-3,271 b3:94,243 c3:176,243",
    ),
    _board(
        "arcimboldo-spring.jpg",
        "Arcimboldo_Spring_",
        (347, 420),
        "a1:0,0 b1:132,0 a2:0,134 b2:132,106 a3:0,246 b3:167,274",
    ),
    _board(
        "renoir-moulin-de-la-galette.jpg",
        "renoir-moulin_de_la_galette-",
        (600, 442),
        "1:0,0 2:189,0 3:389,0 4:0,165 5:149,165 6:387,208",
    ),
    _board(
        "renoir-girls-at-the-piano.jpg",
        "renoir-filles_piano-",
        (356, 481),
        "1:0,0 2:178,0 3:0,91 4:135,91 5:0,241 6:178,241 7:0,332 8:178,332",
    ),
    _board(
        "degas-dance-class.jpg",
        "degas_class-dance_",
        (436, 500),
        "1:-1,0 2:220,0 3:-1,126 4:164,126 5:-1,293 6:218,333",
    ),
    _board(
        "kandinsky-composition-8.jpg",
        "kandinky_",
        (662, 458),
        "1:0,0 2:166,0 3:332,0 4:498,0 5:0,230 6:126,230 7:332,174 8:498,174",
    ),
    _board(
        "durer-lion.jpg",
        "AlbrechtDurer_",
        (697, 500),
        "a1:0,0 b1:168,0 c1:342,0 d1:516,0 a2:0,95 b2:168,119 c2:307,119 d2:516,119 a3:0,244 "
        "b3:133,244 c3:307,220 d3:481,244 a4:0,345 b4:133,369 c4:307,345 d4:516,345",
    ),
    _board(
        "hokusai-poppies.jpg",
        "HokusaiPoppies_",
        (653, 450),
        "a1:0,0 b1:100,0 c1:256,0 d1:387,0 e1:518,0 a2:0,86 b2:125,69 c2:256,69 d2:387,86 "
        "e2:493,86 a3:0,176 b3:125,159 c3:231,176 d3:387,176 e3:518,176 a4:0,249 b4:125,266 "
        "c4:231,249 d4:387,266 e4:518,266 a5:0,339 b5:100,356 c5:256,356 d5:362,339 "
        "e5:493,339",
    ),
    _board(
        "hiroshige-horse-mackerel.jpg",
        "HiroshigeHorsePrawns_",
        (725, 499),
        "a1:0,0 b1:174,0 c1:319,0 d1:536,0 a2:0,119 b2:174,119 c2:319,119 d2:500,119 a3:0,220 "
        "b3:138,244 c3:319,220 d3:500,220 a4:0,345 b4:138,345 c4:355,369 d4:500,345",
    ),
)
