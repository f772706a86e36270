"""The picture that proves a bundle: a sea with a low sun, drawn, so that it is nobody's."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

SIZE = (400, 300)
HORIZON = 170

# A picture's best and worst answers should lie on both sides of these.
TEXTS = (
    "The sun sinks low upon the quiet sea,\nand gold runs out along the evening tide.",
    "A brown dog runs through the grass with a ball in its mouth.",
    "Sunset over the ocean.",
    "Two men in suits are talking in an office.",
    "O wild west wind, thou breath of autumn's being",
)


def check_picture() -> Image.Image:
    """An RGB picture, 400 by 300."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    for y in range(height):
        if y < HORIZON:
            share = y / HORIZON
            colour = (int(70 + 170 * share), int(80 + 75 * share), int(140 - 50 * share))
        else:
            share = (y - HORIZON) / (height - HORIZON)
            colour = (int(110 - 80 * share), int(85 - 35 * share), int(100 - 20 * share))
        draw.line([(0, y), (width, y)], fill=colour)
    draw.ellipse((175, 118, 235, 178), fill=(255, 226, 150))
    # The sea stands before the sun's lower edge.
    draw.rectangle((165, HORIZON, 245, 179), fill=(112, 86, 98))
    for step in range(22):  # the sun's path on the water, in broken strokes
        y = HORIZON + 3 + step * 6
        reach = 14 + step * 3 + (step * 37) % 11
        shift = (step * 53) % 17 - 8
        draw.line([(205 + shift - reach, y), (205 + shift + reach, y)], (240, 190, 110), 2)
    for step in range(40):  # waves
        x, y = (step * 97) % width, HORIZON + 8 + (step * 41) % (height - HORIZON - 10)
        draw.arc((x - 18, y - 4, x + 18, y + 5), 200, 340, fill=(150, 120, 120))
    draw.polygon([(86, 176), (122, 176), (116, 184), (92, 184)], fill=(40, 30, 40))  # a boat
    draw.polygon([(103, 128), (103, 174), (128, 174)], fill=(70, 50, 60))
    return image.filter(ImageFilter.GaussianBlur(0.7))
