"""A video file, made of pictures: what the simplest of cameras records."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def motion_jpeg(frames: Sequence[Image.Image], per_s: int = 10) -> bytes:
    """An AVI of JPEGs."""
    width, height = frames[0].size
    jpegs = []
    for frame in frames:
        held = io.BytesIO()
        frame.save(held, "JPEG", quality=92)
        jpegs.append(held.getvalue())
    head = struct.pack(
        "<14I", 1_000_000 // per_s, 0, 0, 16, len(jpegs), 0, 1, 0, width, height, 0, 0, 0, 0
    )
    stream = b"vidsMJPG" + struct.pack(
        "<IHHIIIIIIIIhhhh", 0, 0, 0, 0, 1, per_s, 0, len(jpegs), 0, 0, 0, 0, 0, width, height
    )
    form = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    strl = chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", form))
    hdrl = chunk(b"LIST", b"hdrl" + chunk(b"avih", head) + strl)
    movi = chunk(b"LIST", b"movi" + b"".join(chunk(b"00dc", jpeg) for jpeg in jpegs))
    index, at = b"", 4
    for jpeg in jpegs:
        index += b"00dc" + struct.pack("<III", 16, at, len(jpeg))
        at += 8 + len(jpeg) + len(jpeg) % 2
    return chunk(b"RIFF", b"AVI " + hdrl + movi + chunk(b"idx1", index))
