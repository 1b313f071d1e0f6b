"""Line plots as SVG, drawn here so that pages need no script and no library; colours are the page's."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

Point = tuple[float, float]
WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 14, 34
MAX_POINTS = 600


@dataclass(frozen=True)
class Dot:
    """One mark: where, of which class, what it says on hover, and where it leads."""

    x: float
    y: float
    kind: str
    title: str
    href: str | None = None


@dataclass(frozen=True)
class Line:
    """A curve; `step` draws it as a staircase."""

    points: Sequence[Point]
    kind: str
    step: bool = False


@dataclass(frozen=True)
class Plot:
    """What to draw, and how the axes are called."""

    x_label: str
    y_label: str
    title: str
    lines: Sequence[Line] = ()
    dots: Sequence[Dot] = field(default=())


def render(plot: Plot) -> Markup:
    """The plot as an `<svg>` element; empty when there is nothing to draw."""
    points = [p for line in plot.lines for p in line.points] + [(d.x, d.y) for d in plot.dots]
    points = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if not points:
        return Markup("")
    x_low, x_high = _span([x for x, _ in points], 0.02)
    y_low, y_high = _span([y for _, y in points], 0.08)
    to_x = _scale(x_low, x_high, LEFT, WIDTH - RIGHT)
    to_y = _scale(y_low, y_high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(plot.title)}">',
        *(_y_tick(value, to_y) for value in ticks(y_low, y_high, 5)),
        *(_x_tick(value, to_x) for value in ticks(x_low, x_high, 7)),
        _text("label", WIDTH - RIGHT, HEIGHT - 4, "end", plot.x_label),
        _text("label", LEFT, TOP - 2, "start", plot.y_label),
        *(_path(line, to_x, to_y) for line in plot.lines),
        *(_dot(dot, to_x, to_y) for dot in plot.dots if math.isfinite(dot.y)),
        "</svg>",
    ]
    return Markup("".join(parts))


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) within [low, high], about `count` of them."""
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def thinned(points: Sequence[Point], limit: int = MAX_POINTS) -> list[Point]:
    """At most `limit` points, the first and the last among them."""
    if len(points) <= limit:
        return list(points)
    return [points[round(i * (len(points) - 1) / (limit - 1))] for i in range(limit)]


def _span(values: Sequence[float], margin: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * margin or abs(high) * 0.05 or 1.0
    return low - room, high + room


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _path(line: Line, to_x: Callable[[float], float], to_y: Callable[[float], float]) -> str:
    points = [(to_x(x), to_y(y)) for x, y in thinned(line.points) if math.isfinite(y)]
    if len(points) < 2:
        return ""
    start, *rest = points
    moves = [f"M{start[0]:.1f} {start[1]:.1f}"]
    moves += [f"H{x:.1f}V{y:.1f}" if line.step else f"L{x:.1f} {y:.1f}" for x, y in rest]
    return f'<path class="line {line.kind}" d="{"".join(moves)}"/>'


def _dot(dot: Dot, to_x: Callable[[float], float], to_y: Callable[[float], float]) -> str:
    mark = (
        f'<circle class="dot {dot.kind}" cx="{to_x(dot.x):.1f}" cy="{to_y(dot.y):.1f}" r="4">'
        f"<title>{escape(dot.title)}</title></circle>"
    )
    return mark if dot.href is None else f'<a href="{escape(dot.href)}">{mark}</a>'


def _y_tick(value: float, to_y: Callable[[float], float]) -> str:
    y = to_y(value)
    grid = f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return grid + _text("tick", LEFT - 6, y + 4, "end", _short(value))


def _x_tick(value: float, to_x: Callable[[float], float]) -> str:
    return _text("tick", to_x(value), HEIGHT - BOTTOM + 16, "middle", _short(value))


def _text(kind: str, x: float, y: float, anchor: str, text: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _short(value: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:g}{unit}"
    return f"{round(value, 6):g}"
