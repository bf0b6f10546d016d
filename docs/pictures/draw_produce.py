"""Draws the demo's pictures of produce: `python docs/pictures/draw_produce.py`, with Chromium installed.

Each picture is an SVG put together from a few shapes over a landscape of the Three Gorges, with its county's seal.
"""

import io
import math
import random
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HOUSE = Path(__file__).parents[2]
DEMO = HOUSE / "bot" / "demo"
WIDTH, HEIGHT = 960, 640
QUALITY = 84
SKIES = (
    ("#fde3c0", "#f9c58d", "#f08a4b"), ("#dff1ee", "#bfe3da", "#f7d070"), ("#f6dfe6", "#efc3cf", "#e8788a"),
    ("#e3ecfa", "#bcd2f0", "#fbe29b"), ("#f3efd7", "#e4d9a5", "#e9a23b"),
)  # fmt: skip


def circle(x: float, y: float, r: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" {extra}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0, extra: str = "") -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" transform="rotate({turn:.1f} {x:.1f} {y:.1f})" {extra}/>'


def path(d: str, fill: str = "none", extra: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {extra}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, round_: float = 0, extra: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{round_}" fill="{fill}" {extra}/>'


def line(d: str, stroke: str, width: float) -> str:
    return path(d, "none", f'stroke="{stroke}" stroke-width="{width}" stroke-linecap="round"')


def leaf(x: float, y: float, size: float, turn: float, fill: str = "#5c9d4b") -> str:
    body = path(f"M0 0 Q{size * 0.5} {-size * 0.45} {size} 0 Q{size * 0.5} {size * 0.45} 0 0Z", fill)
    vein = line(f"M4 0 L{size * 0.86} 0", "#ffffff66", 2.5)
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f})">{body}{vein}</g>'


def shadow(x: float, y: float, rx: float) -> str:
    return ellipse(x, y, rx, rx * 0.14, "#3a2a1a33")


def shine(x: float, y: float, r: float) -> str:
    return ellipse(x - r * 0.35, y - r * 0.42, r * 0.26, r * 0.16, "#ffffff88", -35)


def fruit(x: float, y: float, r: float, fill: str, dark: str, leaves: int = 1) -> str:
    parts = [
        shadow(x, y + r * 0.95, r),
        circle(x, y, r, dark),
        circle(x - r * 0.05, y - r * 0.06, r * 0.94, fill),
        shine(x, y, r),
    ]
    parts.append(line(f"M{x} {y - r * 0.9} q4 -14 12 -18", "#6b4a2b", 6))
    parts += [leaf(x + 6, y - r - 8, r * 0.75, -20 - 130 * n) for n in range(leaves)]
    return "".join(parts)


def half(x: float, y: float, r: float, rind: str, pith: str, flesh: str, segments: int = 10) -> str:
    parts = [shadow(x, y + r * 0.96, r), circle(x, y, r, rind), circle(x, y, r * 0.9, pith)]
    for n in range(segments):
        a, b = (2 * math.pi * (n + o) / segments for o in (0.06, 0.94))
        inner, outer = r * 0.12, r * 0.82
        d = f"M{x + inner * math.cos((a + b) / 2):.1f} {y + inner * math.sin((a + b) / 2):.1f} L{x + outer * math.cos(a):.1f} {y + outer * math.sin(a):.1f} A{outer:.1f} {outer:.1f} 0 0 1 {x + outer * math.cos(b):.1f} {y + outer * math.sin(b):.1f}Z"
        parts.append(path(d, flesh))
    return "".join(parts)


def basket(x: float, y: float, w: float, h: float) -> str:
    rows = "".join(
        line(f"M{x - w / 2 + n * 5} {y + 20 + n * h / 5} L{x + w / 2 - n * 5} {y + 20 + n * h / 5}", "#8a5a2b", 9)
        for n in range(5)
    )
    columns = "".join(
        line(
            f"M{x - w / 2 + 16 + n * (w - 32) / 9:.1f} {y + 6} L{x - w / 2 + 34 + n * (w - 68) / 9:.1f} {y + h}",
            "#d9a766",
            7,
        )
        for n in range(10)
    )
    body = path(f"M{x - w / 2} {y} L{x + w / 2} {y} L{x + w / 2 - 28} {y + h} L{x - w / 2 + 28} {y + h}Z", "#b97f43")
    return shadow(x, y + h, w * 0.52) + body + rows + columns + rect(x - w / 2 - 12, y - 12, w + 24, 26, "#94622f", 13)


def jar(x: float, y: float, w: float, h: float, filling: str, lid: str = "#b5482f") -> str:
    return (
        shadow(x, y, w * 0.6) + rect(x - w / 2, y - h, w, h, "#ffffffcc", 22) + rect(x - w / 2 + 10, y - h * 0.78, w - 20, h * 0.75, filling, 16)
        + rect(x - w / 2 + 6, y - h - 26, w - 12, 34, lid, 8) + rect(x - w * 0.3, y - h * 0.56, w * 0.6, h * 0.3, "#fff7e6", 6)
        + rect(x - w / 2 + 14, y - h + 10, 10, h - 40, "#ffffff66", 5)
    )  # fmt: skip


def bottle(x: float, y: float, h: float, oil: str) -> str:
    w = h * 0.34
    d = f"M{x - w * 0.18} {y - h} h{w * 0.36} v{h * 0.2} q{w * 0.32} {h * 0.1} {w * 0.32} {h * 0.24} v{h * 0.5} q0 {h * 0.06} {-w * 0.14} {h * 0.06} h{-w * 0.72} q{-w * 0.14} 0 {-w * 0.14} {-h * 0.06} v{-h * 0.5} q0 {-h * 0.14} {w * 0.32} {-h * 0.24}Z"
    return (
        shadow(x, y, w * 0.7)
        + path(d, oil)
        + rect(x - w * 0.22, y - h - 18, w * 0.44, 30, "#5b3a20", 6)
        + rect(x - w * 0.42, y - h * 0.44, w * 0.84, h * 0.28, "#fff4da", 6)
        + rect(x - w * 0.4, y - h * 0.62, 9, h * 0.5, "#ffffff66", 5)
    )


def bowl(x: float, y: float, w: float, fill: str = "#e9eef2", band: str = "#5b86a8") -> str:
    return (
        shadow(x, y + w * 0.4, w * 0.4)
        + path(
            f"M{x - w / 2} {y} Q{x - w * 0.4} {y + w * 0.42} {x} {y + w * 0.42} Q{x + w * 0.4} {y + w * 0.42} {x + w / 2} {y}Z",
            fill,
        )
        + line(f"M{x - w * 0.45} {y + w * 0.1} Q{x} {y + w * 0.16} {x + w * 0.45} {y + w * 0.1}", band, 7)
    )


def sack(x: float, y: float, w: float, h: float, fill: str = "#e3cfa4") -> str:
    body = path(
        f"M{x - w * 0.4} {y - h} Q{x - w * 0.62} {y - h * 0.4} {x - w * 0.5} {y} L{x + w * 0.5} {y} Q{x + w * 0.62} {y - h * 0.4} {x + w * 0.4} {y - h}Z",
        fill,
    )
    return (
        shadow(x, y, w * 0.55)
        + body
        + ellipse(x, y - h, w * 0.41, w * 0.12, "#c9b07c")
        + rect(x - w * 0.26, y - h * 0.56, w * 0.52, h * 0.3, "#b5482f", 8)
    )


def flower(x: float, y: float, r: float, petal: str, heart: str, petals: int = 16) -> str:
    ring = "".join(
        ellipse(
            x + r * 0.62 * math.cos(2 * math.pi * n / petals),
            y + r * 0.62 * math.sin(2 * math.pi * n / petals),
            r * 0.44,
            r * 0.15,
            petal,
            360 * n / petals,
        )
        for n in range(petals)
    )
    return ring + circle(x, y, r * 0.34, heart)


def cup(x: float, y: float, w: float, tea: str) -> str:
    steam = "".join(line(f"M{x - 30 + n * 30} {y - 30} q-14 -26 0 -48 q14 -24 0 -46", "#ffffffaa", 7) for n in range(3))
    return (
        bowl(x, y, w, "#f6f3ea", "#7fa77f")
        + ellipse(x, y, w / 2, w * 0.11, "#e9e4d4")
        + ellipse(x, y + 3, w * 0.45, w * 0.085, tea)
        + steam
    )


def heap(chance: random.Random, x: float, y: float, w: float, n: int, draw: Callable[[float, float], str]) -> str:
    spots = sorted((((chance.random() + chance.random()) / 2, chance.random()) for _ in range(n)), key=lambda s: s[1])
    return "".join(draw(x - w / 2 + w * a, y - (1 - abs(a - 0.5) * 1.7) * 90 + b * 60) for a, b in spots)


def citrus(rind: str, dark: str, flesh: str) -> str:
    return (
        basket(330, 400, 380, 150)
        + "".join(fruit(220 + n * 108, 380 - (n % 2) * 34, 66, rind, dark) for n in range(3))
        + half(690, 455, 112, rind, "#fff1d6", flesh)
        + fruit(845, 500, 62, rind, dark)
    )


def drawings(chance: random.Random) -> dict[str, Callable[[], str]]:
    """What stands in the foreground, by product."""

    def strips(fill: str, fat: str, n: int) -> str:
        parts = [rect(150, 210, 660, 16, "#7b5230", 8)]
        for i in range(n):
            x, h = 205 + i * (560 / (n - 1)), 250 + (i % 2) * 30
            parts += [
                line(f"M{x} 220 v34", "#7b5230", 5),
                path(f"M{x - 36} 250 q36 -18 72 0 l-8 {h} q-28 20 -56 0Z", fill),
                path(f"M{x - 10} 258 q12 -4 24 0 l-6 {h - 20} q-8 6 -14 0Z", fat),
            ]
        return "".join(parts)

    def twigs(fill: str) -> Callable[[float, float], str]:
        return lambda x, y: leaf(x, y, 46 + chance.random() * 22, chance.random() * 360, fill)

    def noodle(fill: str, dark: str) -> str:
        out = shadow(480, 545, 300)
        for k, (x, y) in enumerate(((350, 480), (610, 480), (480, 400))):
            for n in range(9):
                out += path(
                    f"M{x - 120} {y + n * 7 - 30} q60 {-46 + n * 9} 120 0 q60 {46 - n * 9} 120 0",
                    "none",
                    f'stroke="{fill if (n + k) % 3 else dark}" stroke-width="8" stroke-linecap="round"',
                )
            out += rect(x - 26, y - 40, 52, 76, "#b5482f", 8)
        return out

    def potato(x: float, y: float) -> str:
        return (
            ellipse(x, y, 62, 46, "#a97a45", chance.uniform(-30, 30))
            + ellipse(x - 4, y - 5, 56, 40, "#c7985b", 8)
            + "".join(
                circle(x + chance.uniform(-34, 34), y + chance.uniform(-22, 22), 3.4, "#8a6236") for _ in range(6)
            )
        )

    def chilli(x: float, y: float) -> str:
        turn = chance.uniform(-50, 50)
        return (
            f'<g transform="translate({x:.0f} {y:.0f}) rotate({turn:.0f})">'
            + path("M-62 -4 Q0 -34 66 16 Q4 18 -62 12Z", chance.choice(("#c42d21", "#a81f18", "#d8452f")))
            + line("M-62 4 q-14 -6 -24 2", "#557a35", 8)
            + "</g>"
        )

    def dried(x: float, y: float, fill: str = "#6d3b4a") -> str:
        return ellipse(x, y, 34, 25, fill, chance.uniform(-40, 40)) + line(
            f"M{x - 18} {y - 4} q18 12 34 -2", "#00000033", 4
        )

    def morel(x: float, y: float) -> str:
        dots = "".join(
            circle(x + chance.uniform(-24, 24), y + chance.uniform(-58, 16), 6, "#4d3420") for _ in range(12)
        )
        return path(f"M{x - 18} {y + 20} h36 l6 66 h-48Z", "#efe0c0") + ellipse(x, y - 18, 38, 56, "#7a5534") + dots

    def shoot(x: float, y: float, turn: float) -> str:
        layers = "".join(
            path(
                f"M{-44 + n * 5} {-n * 46} q{44 - n * 5} -64 {88 - n * 10} 0 l-6 26 q{-38 + n * 5} -30 {-76 + n * 10} 0Z",
                ("#8aa356", "#c9b071")[n % 2],
            )
            for n in range(6)
        )
        return (
            f'<g transform="translate({x} {y}) rotate({turn})">'
            + path("M-46 30 L46 30 L8 -300 L-8 -300Z", "#e9dcae")
            + layers
            + "</g>"
        )

    kiwi_seeds = "".join(
        ellipse(690 + 50 * math.cos(a / 9 * math.pi), 455 + 50 * math.sin(a / 9 * math.pi), 8, 4, "#26301a", a * 20)
        for a in range(18)
    )
    meat = (
        path("M250 470 q-30 -150 130 -160 q80 -46 170 0 q170 10 150 150 q-10 90 -220 86 q-210 4 -230 -76Z", "#b83a36")
        + path(
            "M300 440 q40 -80 130 -70 q60 40 150 -10 q50 40 60 70",
            "none",
            'stroke="#f4d6cb" stroke-width="16" stroke-linecap="round"',
        )
        + ellipse(360, 480, 34, 26, "#f2e6d6")
        + circle(360, 480, 13, "#d9c4ac")
    )
    return {
        "navel-orange": lambda: citrus("#f28c28", "#d8701a", "#f9a63f"),
        "blood-orange": lambda: citrus("#e2622b", "#b8431f", "#a81c2e"),
        "mandarin": lambda: citrus("#f6a12d", "#da7d17", "#fbbd55"),
        "lemon": lambda: citrus("#f7d63c", "#dcb41f", "#fbe982"),
        "lemon-slices": lambda: (
            shadow(480, 545, 320)
            + "".join(
                half(270 + (n % 4) * 140, 400 + (n // 4) * 110, 66, "#ecc12f", "#fff6d2", "#f6dc69", 8)
                for n in range(8)
            )
        ),
        "crisp-plum": lambda: (
            bowl(480, 385, 460, "#f3e7da", "#a35b47")
            + "".join(fruit(320 + n * 80, 360 - (n % 2) * 26, 52, "#a7c957", "#86a53d") for n in range(5))
            + "".join(fruit(362 + n * 80, 296 - (n % 2) * 18, 50, "#b9d66b", "#8fb04a") for n in range(4))
        ),
        "dried-plum": lambda: heap(chance, 480, 500, 560, 46, dried) + leaf(690, 530, 90, -20),
        "cured-pork": lambda: strips("#8c3b2a", "#f0c9a6", 5),
        "sausage": lambda: strips("#9a2f24", "#c65a45", 7),
        "water-shield": lambda: (
            bowl(480, 380, 470, "#eef3f0", "#4d8a74")
            + ellipse(480, 380, 226, 50, "#cfe5d2")
            + "".join(
                ellipse(
                    328 + n * 44, 378 + (n % 3) * 12 - 12, 36, 17, ("#4f9a5b", "#6fb26d", "#3f7f4c")[n % 3], -14 + n * 5
                )
                for n in range(8)
            )
        ),
        "chilli": lambda: shadow(480, 545, 310) + heap(chance, 480, 490, 560, 40, chilli),
        "vermicelli": lambda: noodle("#e9e4dc", "#bdb4a6"),
        "noodles": lambda: noodle("#f5e3b3", "#d9bd78"),
        "perilla": lambda: bottle(400, 548, 320, "#d9a441") + heap(chance, 640, 520, 260, 20, twigs("#7b4a7d")),
        "camellia-oil": lambda: (
            bottle(380, 550, 350, "#e0b33c")
            + flower(640, 430, 96, "#ffffff", "#f0b429", 9)
            + leaf(700, 480, 120, 30, "#3f7f4c")
            + circle(600, 530, 34, "#7a4a2b")
            + circle(670, 545, 30, "#8b5833")
        ),
        "rice": lambda: (
            sack(380, 550, 270, 300)
            + bowl(690, 450, 250)
            + ellipse(690, 448, 118, 62, "#fffdf5")
            + "".join(ellipse(600 + n * 15, 430 + (n % 4) * 9, 8, 4, "#efe9d7", n * 37) for n in range(13))
        ),
        "maojian": lambda: cup(340, 430, 250, "#c9d67b") + heap(chance, 680, 500, 330, 34, twigs("#5f8f3e")),
        "black-tea": lambda: cup(340, 430, 250, "#b4562c") + heap(chance, 680, 500, 330, 34, twigs("#4b3026")),
        "honeysuckle": lambda: "".join(
            line(f"M{250 + n * 110} 560 q{-20 + n * 10} -120 {n * 8} -220", "#6a8f4a", 8)
            + "".join(
                ellipse(255 + n * 118 + k * 20, 330 + k * 26, 12, 48, ("#fff7e0", "#f6d35b")[k % 2], -40 + k * 38)
                for k in range(4)
            )
            for n in range(5)
        ),
        "chrysanthemum": lambda: (
            cup(330, 450, 270, "#f2d26b")
            + flower(330, 452, 66, "#fff4c9", "#f0b429")
            + flower(660, 420, 110, "#f9cf4a", "#c97a1c", 22)
            + flower(780, 510, 74, "#fbe08a", "#d9932a", 18)
            + leaf(560, 520, 110, 150)
        ),
        "potato": lambda: (
            basket(480, 420, 460, 140)
            + "".join(potato(300 + n * 90, 400 - (n % 2) * 40) for n in range(5))
            + "".join(potato(360 + n * 120, 340) for n in range(3))
        ),
        "honey": lambda: (
            jar(400, 550, 250, 300, "#e39a1f", "#f5d36b")
            + flower(680, 420, 80, "#fff7dd", "#e6a421", 12)
            + flower(770, 500, 56, "#ffe9ef", "#e6a421", 10)
            + leaf(600, 520, 110, 20)
        ),
        "bean-curd": lambda: (
            jar(350, 550, 230, 290, "#c0452c")
            + bowl(680, 450, 260, "#f2ece0", "#b5482f")
            + "".join(
                rect(590 + n * 62, 400 - (n % 2) * 24, 56, 50, ("#e7b884", "#d99a68")[n % 2], 8) for n in range(3)
            )
        ),
        "beef": lambda: (
            shadow(470, 545, 300) + rect(190, 500, 600, 44, "#a9743f", 22) + meat + leaf(720, 450, 100, -40)
        ),
        "beef-jerky": lambda: (
            shadow(480, 545, 310)
            + heap(
                chance,
                480,
                500,
                540,
                34,
                lambda x, y: rect(
                    x - 46,
                    y - 13,
                    92,
                    26,
                    chance.choice(("#7a2e22", "#8f3a29", "#63241c")),
                    9,
                    f'transform="rotate({chance.uniform(-60, 60):.0f} {x:.0f} {y:.0f})"',
                ),
            )
        ),
        "kiwifruit": lambda: (
            "".join(
                shadow(230 + n * 150, 540, 70)
                + ellipse(230 + n * 150, 480 - (n % 2) * 30, 82, 66, "#8b6a3d", -12)
                + ellipse(226 + n * 150, 474 - (n % 2) * 30, 74, 57, "#a07f4d", -12)
                for n in range(3)
            )
            + circle(690, 455, 112, "#8b6a3d")
            + circle(690, 455, 104, "#8fbf45")
            + circle(690, 455, 36, "#f1f3d6")
            + kiwi_seeds
        ),
        "morel": lambda: shadow(480, 560, 290) + "".join(morel(260 + n * 110, 440 + (n % 2) * 30) for n in range(5)),
        "bamboo-shoot": lambda: shadow(480, 570, 300) + shoot(300, 530, -14) + shoot(480, 545, 2) + shoot(660, 530, 16),
    }


def landscape(chance: random.Random, sky: tuple[str, str, str]) -> str:
    """Mountains on both banks, the river between, the sun."""
    top, low, sun = sky
    out = f'<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{top}"/><stop offset="1" stop-color="{low}"/></linearGradient></defs>'
    out += rect(0, 0, WIDTH, HEIGHT, "url(#s)") + circle(chance.uniform(560, 820), chance.uniform(90, 150), 54, sun)
    for depth, fill in enumerate(("#a9c4b4", "#86ad98", "#5f907a")):
        base = 250 + depth * 62
        points, x = [f"M0 {HEIGHT}", f"L0 {base}"], 0.0
        while x < WIDTH:
            width = chance.uniform(130, 240)
            points.append(
                f"Q{x + width / 2:.0f} {base - chance.uniform(70, 170 - depth * 30):.0f} {x + width:.0f} {base + chance.uniform(-16, 16):.0f}"
            )
            x += width
        out += path(" ".join([*points, f"L{WIDTH} {HEIGHT}Z"]), fill)
    out += path("M0 452 Q240 420 480 446 T960 440 V520 H0Z", "#d8ebe6") + line(
        "M120 470 h120 M380 462 h90 M640 472 h150", "#ffffffaa", 4
    )
    return (
        out + path("M0 512 Q480 470 960 512 V640 H0Z", "#c58f56") + path("M0 530 Q480 490 960 530 V640 H0Z", "#d6a368")
    )


def seal(county: str) -> str:
    """The county's red stamp."""
    words = "".join(
        f'<text x="68" y="{74 + n * 46}" font-size="42" text-anchor="middle" font-family="Noto Serif CJK SC" font-weight="bold" fill="#fff8ef">{c}</text>'
        for n, c in enumerate(county)
    )
    return (
        rect(34, 30, 68, 26 + 46 * len(county), "#b3261e", 8)
        + rect(39, 35, 58, 16 + 46 * len(county), "none", 5, 'stroke="#fff8ef" stroke-width="2.5"')
        + words
    )


def plain_basket(chance: random.Random) -> str:
    """The picture of an offer that has none of its own."""
    colours = (("#f28c28", "#d8701a"), ("#f7d63c", "#dcb41f"), ("#c0392b", "#962c21"), ("#a7c957", "#86a53d"))
    upper = "".join(fruit(360 + n * 82, 318 - (n % 2) * 26, 58, *colours[(n + 2) % 4]) for n in range(4))
    lower = "".join(fruit(320 + n * 82, 376 - (n % 2) * 20, 58, *colours[n % 4]) for n in range(5))
    return landscape(chance, SKIES[0]) + upper + lower + basket(480, 412, 480, 150)


def save(page: Page, body: str, target: Path) -> None:
    """Render an SVG as a JPEG."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{body}</svg>'
    page.set_content(f'<body style="margin:0">{svg}')
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(target, quality=QUALITY, optimize=True)


def main() -> None:
    """Draw them all."""
    produce = tomllib.loads((DEMO / "produce.toml").read_text(encoding="utf-8"))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for place, supplier in enumerate(produce["supplier"]):
            for product in supplier["product"]:
                chance = random.Random(product["key"])
                body = (
                    landscape(chance, SKIES[place % len(SKIES)])
                    + drawings(chance)[product["key"]]()
                    + seal(supplier["county_zh"])
                )
                save(page, body, DEMO / "pictures" / f"{product['key']}.jpg")
        save(page, plain_basket(random.Random(1)), HOUSE / "views" / "pictures" / "basket.jpg")
        browser.close()


if __name__ == "__main__":
    main()
