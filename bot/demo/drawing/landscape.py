"""The land behind the produce: gorges, ridges, terraces and the river, in the light of an hour."""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sin

from bot.demo.drawing.paper import HEIGHT, WIDTH, Paper, Point, mixed, polygon, smooth

TABLE_Y = 452


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour of the day."""

    sky: tuple[str, str, str]
    sun: str
    sun_at: Point
    far: str
    near: str
    water: tuple[str, str]
    table: tuple[str, str]


LIGHTS = {
    "dawn": Light(
        ("#f0a99a", "#f9cfae", "#fdeed4"), "#fff4d9", (610, 190), "#e9b9a8", "#3f6b62", ("#fde7cd", "#e3a98f"),
        ("#c98f5e", "#a86d42"),
    ),
    "morning": Light(
        ("#a9d6d6", "#d6ebdc", "#fdf3d6"), "#fffbe6", (330, 130), "#bfdcd0", "#2f6d55", ("#eaf6ea", "#9cc9c0"),
        ("#d3a06c", "#b47d4c"),
    ),
    "noon": Light(
        ("#79bfd9", "#b5dee5", "#eaf5ea"), "#ffffff", (700, 100), "#a9d0d4", "#2c6f5e", ("#e3f3f1", "#86bccb"),
        ("#d8a873", "#b9834f"),
    ),
    "gold": Light(
        ("#f2a84a", "#f8ca78", "#fdebbb"), "#fffbe3", (370, 200), "#f1c284", "#586f3a", ("#fff0c4", "#e2a95a"),
        ("#c4884f", "#a06637"),
    ),
    "dusk": Light(
        ("#6f6a9f", "#c98d9f", "#f9c39a"), "#ffe9bf", (560, 235), "#c798a5", "#3b4a68", ("#fbd3ad", "#a9809c"),
        ("#b07d58", "#8a5a3c"),
    ),
    "mist": Light(
        ("#b9cfc8", "#d9e3d4", "#f4f0df"), "#fffdf0", (640, 150), "#cbd9cd", "#3f6f5f", ("#f3f4ea", "#abc7c0"),
        ("#c99b6b", "#a8764a"),
    ),
}  # fmt: skip


def draw_sky(paper: Paper, light: Light) -> None:
    """Sky, sun and a few birds."""
    paper.box(0, 0, WIDTH, HEIGHT, paper.linear(*light.sky))
    x, y = light.sun_at
    paper.circle(x, y, 120, light.sun, opacity=0.35, filter=paper.blur(34))
    paper.circle(x, y, 46, light.sun, opacity=0.95)
    for _ in range(3):
        bx, by = x + paper.random.uniform(-260, 120), y + paper.random.uniform(-90, -20)
        paper.stroke(f"M{bx} {by}q8 -9 15 0q7 -9 15 0", mixed(light.near, light.sky[0], 0.3), 2.4, opacity=0.7)


def draw_gorge(paper: Paper, light: Light) -> None:
    """Two walls of rock with the river between them."""
    _ridges(paper, light, ((0.15, 300, 70), (0.32, 330, 60)))
    _mist(paper, 330)
    _wall(paper, light, 0.5, -1, (330, 90))
    _wall(paper, light, 0.62, 1, (640, 60))
    _river(paper, light, 505, 352)
    _wall(paper, light, 0.8, -1, (215, 150))
    _wall(paper, light, 0.95, 1, (770, 170))
    _boat(paper, light, 520, 408)


def draw_ridges(paper: Paper, light: Light) -> None:
    """Ridge behind ridge, with pines."""
    _ridges(paper, light, ((0.12, 215, 120), (0.3, 270, 110), (0.48, 320, 80)))
    _mist(paper, 350)
    _ridges(paper, light, ((0.7, 385, 60), (0.95, 440, 55)))
    for _ in range(46):
        x = paper.random.uniform(0, WIDTH)
        _pine(paper, x, 452 - paper.random.uniform(0, 46), paper.random.uniform(16, 34), light)


def draw_terraces(paper: Paper, light: Light) -> None:
    """Stepped fields that hold the light of the sky."""
    _ridges(paper, light, ((0.12, 240, 100), (0.3, 290, 80)))
    _mist(paper, 320)
    _ridges(paper, light, ((0.5, 350, 55),))
    for left, peak, share in ((True, 285, 0.75), (False, 320, 0.92)):
        _stepped_hill(paper, light, left, peak, share)


def draw_lake(paper: Paper, light: Light) -> None:
    """The wide water above the dam, low hills and orchards around it."""
    _ridges(paper, light, ((0.12, 240, 90), (0.32, 285, 70), (0.55, 320, 42)))
    paper.box(0, 338, WIDTH, 140, paper.linear(*light.water))
    for _ in range(26):
        x, y = paper.random.uniform(0, WIDTH), paper.random.uniform(346, 440)
        paper.stroke(f"M{x} {y}h{paper.random.uniform(20, 90)}", light.sun, 2, opacity=0.5)
    _boat(paper, light, 640, 372)
    _ridges(paper, light, ((0.92, 452, 66),))
    for _ in range(60):
        x = paper.random.uniform(0, WIDTH)
        tree = mixed(light.near, "#7fae4e", paper.random.uniform(0.1, 0.5))
        paper.circle(x, 452 - paper.random.uniform(0, 34), paper.random.uniform(7, 14), tree, opacity=0.9)


SCENES: dict[str, Callable[[Paper, Light], None]] = {
    "gorge": draw_gorge, "ridges": draw_ridges, "terraces": draw_terraces, "lake": draw_lake,
}  # fmt: skip


def draw_table(paper: Paper, light: Light, cloth: str) -> None:
    """A wooden table, with a woven band along its edge."""
    top, bottom = light.table
    paper.box(0, TABLE_Y, WIDTH, HEIGHT - TABLE_Y, paper.linear(mixed(top, "#ffffff", 0.16), top, bottom))
    paper.box(0, TABLE_Y, WIDTH, 5, mixed(top, "#ffffff", 0.45), opacity=0.8)
    for x in (-260, -60, 140, 330, 480, 630, 820, 1020, 1220):
        paper.stroke(f"M{480 + (x - 480) * 0.72:.0f} {TABLE_Y + 4}L{x} {HEIGHT}", mixed(bottom, "#2b1608", 0.2), 2, opacity=0.35)
    for _ in range(34):
        x, y = paper.random.uniform(-60, WIDTH), paper.random.uniform(TABLE_Y + 14, 600)
        paper.stroke(f"M{x} {y}q40 {paper.random.uniform(-4, 4):.1f} {paper.random.uniform(50, 130):.0f} 0", bottom, 1.6, opacity=0.3)
    _woven_band(paper, cloth)


def draw_seal(paper: Paper, county: str) -> None:
    """The county's name in white on a red seal."""
    height = 24 + 56 * len(county)
    with paper.placed(862, 26, turn=-1.5):
        paper.box(0, 0, 72, height, "#c0281f", 9)
        paper.box(5.5, 5.5, 61, height - 11, "none", 5, stroke="#fbeee2", stroke_width=2.2)
        for i, character in enumerate(county):
            paper.text(36, 60 + 56 * i, character, 50, "#fff7ee")


def _ridges(paper: Paper, light: Light, layers: tuple[tuple[float, float, float], ...]) -> None:
    for share, base, height in layers:
        waves = [(paper.random.uniform(0, 2 * pi), 1.6 * 1.9**k, 0.56**k) for k in range(6)]
        points: list[Point] = [
            (x, base - height * sum(w * abs(sin(f * pi * x / WIDTH + p)) for p, f, w in waves) / 1.7 + height * 0.5)
            for x in range(-10, WIDTH + 20, 6)
        ]
        colour = mixed(light.far, light.near, share)
        paper.path(polygon([*points, (WIDTH + 20, 480), (-10, 480)]), paper.linear(colour, mixed(colour, light.sky[2], 0.35)))


def _wall(paper: Paper, light: Light, share: float, side: int, foot: tuple[float, float]) -> None:
    """A cliff at the left (-1) or right (1); foot: where it meets the water, and the height of its top."""
    foot_x, top_y = foot
    edge = -20 if side < 0 else WIDTH + 20
    colour = mixed(light.far, light.near, share)
    points: list[Point] = [(edge, 470), (foot_x - side * 26, 470), (foot_x, 455)]
    steps = 11
    for i in range(1, steps + 1):
        up = i / steps
        x = foot_x + side * (up**1.7 * 130 + paper.random.uniform(-9, 14))
        points += [(x, 455 - up * (455 - top_y)), (x + side * paper.random.uniform(4, 16), 448 - up * (455 - top_y))]
    points += [(foot_x + side * 190, top_y - 26), (foot_x + side * 260, top_y + 16), (edge, top_y - 30)]
    outline = polygon(points)
    paper.path(outline, paper.linear(colour, mixed(colour, light.sky[2], 0.22)))
    with paper.placed(clip_path=paper.clip(outline)):
        for _ in range(26):
            x, y = foot_x + side * paper.random.uniform(-10, 330), paper.random.uniform(top_y, 440)
            tone = light.sky[2] if paper.random.random() < 0.5 else light.near
            paper.stroke(f"M{x:.0f} {y:.0f}q{-side * 12} 22 {-side * 7} {paper.random.uniform(30, 80):.0f}", tone, 3, opacity=0.17)


def _river(paper: Paper, light: Light, x: float, y: float) -> None:
    paper.path(
        f"M{x - 34} {y}C{x - 60} {y + 34} {x - 250} {y + 60} {x - 330} {y + 120}L{x + 330} {y + 120}"
        f"C{x + 210} {y + 70} {x + 70} {y + 40} {x + 40} {y}Z",
        paper.linear(*light.water),
    )
    for _ in range(18):
        down = paper.random.uniform(0.1, 1)
        reach = 30 + 210 * down
        at = x + paper.random.uniform(-reach, reach * 0.7)
        paper.stroke(f"M{at:.0f} {y + 100 * down:.0f}h{20 + 60 * down:.0f}", light.sun, 2, opacity=0.55)


def _mist(paper: Paper, y: float) -> None:
    for x, rx in ((180, 260), (520, 300), (850, 240)):
        paper.ellipse(x, y + paper.random.uniform(-12, 16), rx, 24, "#fff", opacity=0.4, filter=paper.blur(18))


def _boat(paper: Paper, light: Light, x: float, y: float) -> None:
    hull = mixed(light.near, "#2a1c14", 0.5)
    paper.path(f"M{x - 32} {y}q32 18 64 0l-8 13q-24 7 -48 0z", hull)
    paper.path(f"M{x - 4} {y - 3}V{y - 52}q34 22 24 49z", mixed(light.sun, "#e8b06a", 0.5))
    paper.stroke(f"M{x - 5} {y}V{y - 54}", hull, 2.5)
    paper.stroke(f"M{x - 46} {y + 19}h92M{x - 26} {y + 25}h60", light.sun, 2, opacity=0.6)


def _pine(paper: Paper, x: float, y: float, height: float, light: Light) -> None:
    colour = mixed(light.near, "#16302b", paper.random.uniform(0.05, 0.45))
    for level in range(3):
        top, half = y - height + level * height * 0.26, height * (0.17 + 0.09 * level)
        paper.path(polygon([(x, top), (x - half, top + height * 0.42), (x + half, top + height * 0.42)]), colour)


def _stepped_hill(paper: Paper, light: Light, left: bool, peak: float, share: float) -> None:
    steps = 9
    for i in range(steps):
        down = i / steps
        y = peak + (TABLE_Y - peak) * down
        reach = 240 + 420 * down
        wobble = [paper.random.uniform(-8, 8) for _ in range(7)]
        points: list[Point] = [(reach * k / 6, y + 34 * (k / 6) ** 2 + wobble[k]) for k in range(7)]
        points = [(x if left else WIDTH - x, y) for x, y in points]
        corner = 0 if left else WIDTH
        green = mixed(mixed(light.far, light.near, share), "#a9bf5a" if i % 3 else "#e7c766", 0.34)
        body = smooth(points, closed=False) + f"L{points[-1][0]:.0f} 480L{corner} 480Z"
        paper.path(body, mixed(green, light.near, 0.08 * (i % 2)))
        paper.stroke(smooth(points, closed=False), mixed(light.water[0], light.sun, 0.5), 3, opacity=0.65)


def _woven_band(paper: Paper, cloth: str) -> None:
    """Diamonds and teeth, after the brocade of the Tujia."""
    paper.box(0, 606, WIDTH, 34, cloth)
    for i in range(25):
        x = 40 * i
        paper.path(polygon([(x, 608), (x + 17, 623), (x, 638), (x - 17, 623)]), "#f6dfae")
        paper.path(polygon([(x, 615), (x + 9, 623), (x, 631), (x - 9, 623)]), cloth)
        paper.path(polygon([(x + 20, 610), (x + 26, 617), (x + 14, 617)]), "#e8a13a")
        paper.path(polygon([(x + 20, 636), (x + 26, 629), (x + 14, 629)]), "#e8a13a")
    paper.box(0, 603, WIDTH, 4, "#f6dfae")
