"""A picture of what requests cost: bars of CPU, the database's part lighter, each query on the scale of its peer."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from scripts.benchmarks.graphql_cases import CASES
from scripts.benchmarks.graphql_runs import Figures
from scripts.benchmarks.graphql_store import Taken
from scripts.benchmarks.graphql_tables import milliseconds

SHOWN = {
    "compiled": ("gateway", "#1a7f64"),
    "resolvers": ("gateway", "#1a7f64"),
    "postgraphile": ("PostGraphile 5", "#8250df"),
    "raw": ("constant SQL", "#6e7781"),
}
FONT = "font-family='sans-serif' font-size='13'"
WIDTH, LEFT, SCALE, LONGEST = 900, 150, 480, 1.2
BAR, GAP, GROUP, TOP = 15, 4, 34, 70


def picture(taken: Taken, names: Sequence[str], connections: int) -> str:
    """An SVG of these cases. PostGraphile's bar has the same length in each; longer bars are cut."""
    drawn: list[str] = []
    y = TOP
    for name in names:
        found = _shown(taken.at(name, connections))
        if "postgraphile" not in {one.server for one in found}:
            continue
        whole = next(one.sum for one in found if one.server == "postgraphile")
        drawn.append(_text(20, y, f"{name}  {CASES[name].title}", "font-weight='600'"))
        y += 8
        for one in found:
            drawn += _bar(one, whole, y)
            y += BAR + GAP
        y += GROUP
    title = f"CPU a request, {taken.leads:,} leads, {connections} connections"
    note = "dark: the server; light: the database; each query on the scale of PostGraphile's sum; shorter is better"
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {y}' {FONT}>",
            f"<rect width='{WIDTH}' height='{y}' rx='8' fill='#ffffff'/>",
            _text(20, 26, title, "font-size='16' font-weight='700'"),
            _text(20, 44, note, "fill='#57606a' font-size='12'"),
            *drawn,
            "</svg>\n",
        ]
    )


def _shown(found: dict[str, Figures]) -> list[Figures]:
    """One bar for the gateway: compiled, where it was measured."""
    left_out = "resolvers" if "compiled" in found else ""
    return [found[server] for server in SHOWN if server in found and server != left_out]


def _bar(one: Figures, whole: float, y: float) -> Iterator[str]:
    label, color = SHOWN[one.server]
    most = SCALE * LONGEST
    gateway = min(most, SCALE * one.gateway / whole)
    database = min(most - gateway, SCALE * (one.database or 0.0) / whole)
    yield _text(LEFT - 10, y + 12, label, "text-anchor='end'")
    yield _rectangle(LEFT, y, gateway, f"fill='{color}'")
    yield _rectangle(LEFT + gateway, y, database, f"fill='{color}' opacity='0.45'")
    figures = milliseconds(one.gateway) + (f" + {milliseconds(one.database)}" if one.database is not None else "")
    yield _text(
        LEFT + gateway + database + 8, y + 12, f"{figures} ms{' (cut)' if SCALE * one.sum / whole > most else ''}"
    )


def _rectangle(x: float, y: float, width: float, style: str) -> str:
    return f"<rect x='{x:.1f}' y='{y}' width='{width:.1f}' height='{BAR}' {style}/>"


def _text(x: float, y: float, text: str, style: str = "") -> str:
    shown = style if "fill=" in style else f"fill='#1f2328' {style}".strip()
    return f"<text x='{x:.0f}' y='{y:.0f}' {shown}>{escape(text)}</text>"
