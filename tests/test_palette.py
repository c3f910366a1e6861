"""The colours of kinds and modes can be told apart by those who see colours otherwise, and in grey print.

Two kinds of one shape differ by at least 8 (CIEDE2000) for every eye and in grey; kinds of different shapes by 4 for
every eye, as shape is their second sign. Every mark differs from land and sea by 11.5.
"""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

from geo.maps.style import KINDS, MODES

SAME_SHAPE, OTHER_SHAPE, MODE, MODE_IN_GREY, GROUND = 8.0, 4.0, 9.5, 7.0, 11.5
# Full protanopia, deuteranopia and tritanopia in linear light: Machado, Oliveira, Fernandes, IEEE TVCG 15 (2009).
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
BASEMAP = (Path(__file__).parents[1] / "geo" / "maps" / "js" / "basemap.js").read_text(encoding="utf-8")


def seen(color, eye):
    """CIELAB of a CSS colour as an eye sees it."""
    part = np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(EYES[eye]) @ light, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one, two):
    """CIEDE2000 between two colours in CIELAB. Source: Sharma, Wu, Dalal, Color Res. Appl. 30 (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    far = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - math.sqrt(far / (far + 25**7)))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    wave = sum(
        size * math.cos(math.radians(times * hue + by))
        for size, times, by in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * (1 + wave)
    mixed = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    mixed *= math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + mixed * dc * dh)


def grounds(theme):
    palette = re.search(rf"{theme}: {{(.*?)}}", BASEMAP, re.DOTALL)[1]
    return [re.search(rf'{name}: "(#\w+)"', palette)[1] for name in ("sea", "land")]


@pytest.mark.parametrize(
    ("one", "two", "far"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distances_are_those_that_were_published(one, two, far):
    assert apart(one, two) == pytest.approx(far, abs=1e-4)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_kinds_can_be_told_apart(theme, eye):
    looks = {
        name: (seen(look.dark if theme == "dark" else look.color, eye), look.shape) for name, look in KINDS.items()
    }
    near = [
        (one, two, round(far, 1))
        for (one, (a, shape)), (two, (b, other)) in itertools.combinations(looks.items(), 2)
        if (far := apart(a, b)) < (SAME_SHAPE if shape == other else OTHER_SHAPE * (eye != "grey"))
    ]
    assert near == []


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_modes_can_be_told_apart(theme, eye):
    looks = {name: seen(look.dark if theme == "dark" else look.color, eye) for name, look in MODES.items()}
    least = MODE_IN_GREY if eye == "grey" else MODE
    near = [(one, two) for one, two in itertools.combinations(looks, 2) if apart(looks[one], looks[two]) < least]
    assert near == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_and_lines_stand_out_from_land_and_sea(theme):
    lost = [
        (name, eye, ground)
        for name, look in {**KINDS, **MODES}.items()
        for eye in EYES
        for ground in grounds(theme)
        if apart(seen(look.dark if theme == "dark" else look.color, eye), seen(ground, eye)) < GROUND
    ]
    assert lost == []
