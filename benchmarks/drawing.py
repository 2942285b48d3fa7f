"""The picture of the page: seconds by number of mentees, both axes logarithmic, as an SVG for light and dark."""

from __future__ import annotations

from math import ceil, floor, log10
from xml.sax.saxutils import escape

from benchmarks.contenders import BY_KEY
from benchmarks.figures import Figures, Record, duration

WIDTH, HEIGHT = 940, 560
LEFT, RIGHT, TOP, BOTTOM = 70, 325, 24, 56
LETTERS, APART, ROW = "abcdefghij", 13, 36
DRAWN = {
    "engine": "ours",
    "engine_large": "ours dashed",
    "scipy": "dense",
    "lapx": "dense dashed",
    "ortools": "dense dotted",
    "networkx": "python",
    "munkres": "python dashed",
    "hospital_resident": "python dotted",
    "mentor_match": "python heavy",
    "mentor_match_places": "python heavy dashed",
}
STYLE = """
.paper{fill:#fbfaf7}.grid{stroke:#dedad0}.words{fill:#4b595d}
.ours{--ink:#0f5257;stroke-width:3}.dense{--ink:#3b5fa8}.python{--ink:#a1531c}.heavy{stroke-width:2.5}
.dashed{stroke-dasharray:7 4}.dotted{stroke-dasharray:2 4}
polyline{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-linejoin:round}
circle{fill:var(--ink);stroke:none}text{font:13px system-ui,sans-serif}
.name{fill:var(--ink)}.words{font-size:12px}.ours.name,.letter{font-weight:bold}
@media (prefers-color-scheme:dark){.paper{fill:#11191b}.grid{stroke:#2b393d}.words{fill:#abb8ba}
.ours{--ink:#84d2cb}.dense{--ink:#9db8f2}.python{--ink:#f0a878}}
""".strip()
Point = tuple[float, float]


class Scales:
    """Where a number of mentees and a number of seconds stand in the picture."""

    def __init__(self, sizes: list[int], seconds: list[float]) -> None:
        self._first, self._last = log10(min(sizes)), log10(max(sizes))
        self.lowest, self.highest = floor(log10(min(seconds))), ceil(log10(max(seconds)))

    def x(self, size: int) -> float:
        part = (log10(size) - self._first) / ((self._last - self._first) or 1)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    def y(self, seconds: float) -> float:
        part = (log10(seconds) - self.lowest) / ((self.highest - self.lowest) or 1)
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)


def drawing(record: Record) -> str:
    """The SVG. A letter at each line's end leads to its name and last number; the others show under the pointer."""
    figures = Figures(record)
    lines = {key: points for key in DRAWN if (points := _measured(figures, key))}
    scales = Scales(figures.sizes, [seconds for points in lines.values() for _, seconds in points])
    letters = _apart(
        {key: (scales.x(points[-1][0]), scales.y(points[-1][1])) for key, points in lines.items()}
    )
    parts = _grid(figures.sizes, scales)
    for row, (letter, (key, points)) in enumerate(zip(LETTERS, lines.items(), strict=False)):
        parts += _line(key, points, scales)
        parts.append(_text(letters[key], letter, f"{DRAWN[key]} name letter"))
        parts += _name(key, letter, points[-1], TOP + 14 + row * ROW)
    return "\n".join([*_opening(), *parts, "</svg>", ""])


def _measured(figures: Figures, key: str) -> list[tuple[int, float]]:
    found = [(size, figures.seconds(key, size)) for size in figures.sizes]
    return [(size, seconds) for size, seconds in found if seconds is not None]


def _opening() -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="title desc">',
        '<title id="title">Seconds by number of mentees</title>',
        '<desc id="desc">A line per solver; both axes are logarithmic. The tables of the page have all numbers.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
    ]


def _grid(sizes: list[int], scales: Scales) -> list[str]:
    left, right, bottom = LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for power in range(scales.lowest, scales.highest + 1):
        y = scales.y(10.0**power)
        parts.append(f'<path class="grid" d="M{left} {y}H{right}"/>')
        parts.append(_text((left - 8, y + 4), _power(power), "words", "end"))
    for size in sizes:
        x = scales.x(size)
        parts.append(f'<path class="grid" d="M{x} {TOP}V{bottom}"/>')
        parts.append(_text((x, bottom + 20), f"{size:,}", "words", "middle"))
    parts.append(_text(((left + right) / 2, bottom + 42), "mentees", "words", "middle"))
    return parts


def _power(power: int) -> str:
    return f"{10**power:,} s" if power >= 0 else f"{10 ** (power + 3):g} ms"


def _line(key: str, points: list[tuple[int, float]], scales: Scales) -> list[str]:
    places = [(scales.x(size), scales.y(seconds)) for size, seconds in points]
    path = " ".join(f"{x},{y}" for x, y in places)
    dots = [
        f'<circle cx="{x}" cy="{y}" r="3"><title>{size:,}: {escape(duration(seconds))}</title></circle>'
        for (x, y), (size, seconds) in zip(places, points, strict=True)
    ]
    return [f'<g class="{DRAWN[key]}">', f'<polyline class="{DRAWN[key]}" points="{path}"/>', *dots, "</g>"]


def _name(key: str, letter: str, last: tuple[int, float], y: float) -> list[str]:
    """A line of the key: the letter, how the line is drawn, whose it is, and how far it goes."""
    left, css = WIDTH - RIGHT + 35, DRAWN[key]
    size, seconds = last
    return [
        _text((left, y), letter, f"{css} name letter"),
        f'<polyline class="{css}" points="{left + 16},{y - 4} {left + 48},{y - 4}"/>',
        _text((left + 56, y), BY_KEY[key].title.replace("`", ""), f"{css} name"),
        _text((left + 56, y + 15), f"{duration(seconds)} at {size:,}", "words"),
    ]


def _apart(ends: dict[str, Point]) -> dict[str, Point]:
    """Each letter right of its line's end, moved down until it covers no other."""
    placed: dict[str, Point] = {}
    for key, (x, y) in sorted(ends.items(), key=lambda item: item[1][1]):
        lowest = max((other for at, other in placed.values() if at == x + 8), default=-APART)
        placed[key] = (x + 8, max(y + 4, lowest + APART))
    return placed


def _text(place: Point, words: str, css: str, anchor: str = "start") -> str:
    x, y = place
    return f'<text x="{x}" y="{y}" class="{css}" text-anchor="{anchor}">{escape(words)}</text>'
