"""A sheet of paper 960 × 640 on which shapes are drawn in order, kept as SVG."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

WIDTH, HEIGHT = 960, 640

Point = tuple[float, float]


class Paper:
    """Collects shapes. `random` is seeded by the picture's name, so that a picture never changes by itself."""

    def __init__(self, name: str) -> None:
        self.random = Random(name)
        self._definitions: dict[str, str] = {}
        self._shapes: list[str] = []

    def path(self, data: str, fill: str = "none", **attributes: object) -> None:
        """Any outline, as SVG path data."""
        self._draw("path", d=data, fill=fill, **attributes)

    def stroke(self, data: str, colour: str, width: float, **attributes: object) -> None:
        """A line with round ends."""
        self.path(data, stroke=colour, stroke_width=width, stroke_linecap="round", stroke_linejoin="round", **attributes)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, **attributes: object) -> None:
        """An ellipse around (x, y)."""
        self._draw("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **attributes)

    def circle(self, x: float, y: float, r: float, fill: str, **attributes: object) -> None:
        """A circle around (x, y)."""
        self.ellipse(x, y, r, r, fill, **attributes)

    def box(self, x: float, y: float, width: float, height: float, fill: str, r: float = 0, **more: object) -> None:
        """A rectangle from its top left corner, with rounded corners."""
        self._draw("rect", x=x, y=y, width=width, height=height, rx=r, fill=fill, **more)

    def text(self, x: float, y: float, word: str, size: float, fill: str) -> None:
        """One centred word; the pictures have none but the county in the seal."""
        font = f'font-family="Noto Serif CJK SC" font-weight="900" font-size="{size}" text-anchor="middle"'
        self._shapes.append(f'<text x="{x}" y="{y}" {font} fill="{fill}">{word}</text>')

    def shadow(self, x: float, y: float, rx: float, ry: float, opacity: float = 0.3) -> None:
        """The soft shadow under a thing."""
        self.ellipse(x, y, rx, ry, "#3a2413", opacity=opacity, filter=self.blur(max(3, ry * 0.35)))

    def glint(self, x: float, y: float, rx: float, ry: float, turn: float = -32, opacity: float = 0.5) -> None:
        """Light on something smooth."""
        self.ellipse(
            x, y, rx, ry, "#fff", opacity=opacity, transform=f"rotate({turn} {x} {y})", filter=self.blur(rx * 0.12)
        )

    def radial(self, *colours: str, x: float = 0.36, y: float = 0.3, r: float = 0.8) -> str:
        """A fill that goes outwards from where the light falls."""
        return self._define(
            f'<radialGradient id="{{id}}" cx="{x}" cy="{y}" r="{r}">{_stops(colours)}</radialGradient>'
        )

    def linear(self, *colours: str, across: bool = False) -> str:
        """A fill from top to bottom, or from left to right."""
        end = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
        return self._define(f'<linearGradient id="{{id}}" x1="0" y1="0" {end}>{_stops(colours)}</linearGradient>')

    def blur(self, radius: float) -> str:
        """A filter that softens."""
        return self._define(
            '<filter id="{id}" x="-60%" y="-60%" width="220%" height="220%">'
            f'<feGaussianBlur stdDeviation="{radius:.1f}"/></filter>'
        )

    def clip(self, data: str) -> str:
        """What a `placed` group may be limited to: an outline."""
        return self._define(f'<clipPath id="{{id}}"><path d="{data}"/></clipPath>')

    @contextmanager
    def placed(
        self, x: float = 0, y: float = 0, *, turn: float = 0, scale: Point = (1, 1), **attributes: object
    ) -> Iterator[None]:
        """Shapes drawn meanwhile have their origin at (x, y), are turned by degrees and scaled."""
        transform = f"translate({x:.1f} {y:.1f}) rotate({turn:.1f}) scale({scale[0]} {scale[1]})"
        self._shapes.append(f'<g transform="{transform}" {_written(attributes)}>')
        yield
        self._shapes.append("</g>")

    def svg(self) -> str:
        """The finished sheet."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}"><defs>{"".join(self._definitions.values())}</defs>'
            f"{''.join(self._shapes)}</svg>"
        )

    def _draw(self, tag: str, **attributes: object) -> None:
        self._shapes.append(f"<{tag} {_written(attributes)}/>")

    def _define(self, markup: str) -> str:
        identity = f"d{list(self._definitions).index(markup) if markup in self._definitions else len(self._definitions)}"
        self._definitions.setdefault(markup, markup.format(id=identity))
        return f"url(#{identity})"


def smooth(points: Sequence[Point], closed: bool = True) -> str:
    """Path data of a soft curve through points."""
    count = len(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        parts.append(
            f"C{bx + (cx - ax) / 6:.1f} {by + (cy - ay) / 6:.1f} {cx - (dx - bx) / 6:.1f} {cy - (dy - by) / 6:.1f} "
            f"{cx:.1f} {cy:.1f}"
        )
    return "".join(parts) + ("Z" if closed else "")


def polygon(points: Sequence[Point]) -> str:
    """Path data of straight lines through points, closed."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two, `share` of the way (0–1)."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _stops(colours: Sequence[str]) -> str:
    last = len(colours) - 1
    return "".join(f'<stop offset="{i / last:.2f}" stop-color="{colour}"/>' for i, colour in enumerate(colours))


def _written(attributes: dict[str, object]) -> str:
    return " ".join(
        f'{name.replace("_", "-")}="{f"{value:.1f}" if isinstance(value, float) and abs(value) > 2 else value}"'
        for name, value in attributes.items()
    )
