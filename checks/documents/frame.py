"""Draws the frames of certificates: waves that cross each other, as on banknotes, between two lines.

    python3 checks/documents/frame.py

writes `crates/documents/templates/frame-{portrait,landscape}.svg`, which are committed.
"""

import math
import pathlib

TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "crates/documents/templates"
# How far the frame stays from the edge of the paper, and how wide its band is, in millimetres.
MARGIN, BAND = 9, 7
# About as long is one wave.
WAVE = 11
GOLD, RED = "#b08d3c", "#a8323a"


def fine(*points):
    """In twentieths of a millimetre, whole numbers: a page is a third of the size for it."""
    return " ".join(f"{round(x * 20)} {round(y * 20)}" for x, y in points)


def wave(start, end, depth):
    """Where it begins, then three points for each half, a cubic curve that leaves and arrives as a sine does."""
    halves = 2 * max(1, round((end - start) / WAVE))
    half = (end - start) / halves
    points = [(start, 0)]
    for index in range(halves):
        at, high = start + index * half, (-1) ** index * depth * 4 / 3
        points += [(at + 0.424 * half, high), (at + 0.576 * half, high), (at + half, 0)]
    return points


def path(points):
    return f"M{fine(points[0])}C{fine(*points[1:])}"


def rose(x, y, radius):
    """Three rings of petals."""
    drawn = ""
    for outer, inner, petals in [(1, 0.62, 16), (0.66, 0.3, 12), (0.34, 0.12, 8)]:
        def at(angle, reach):
            return (x + reach * radius * math.cos(angle), y + reach * radius * math.sin(angle))

        step = math.tau / petals
        drawn += f"M{fine(at(0, inner))}C"
        for petal in range(petals):
            angle = petal * step
            drawn += fine(at(angle, outer * 1.25), at(angle + step, outer * 1.25), at(angle + step, inner)) + " "
        drawn += "Z"
    return drawn


def frame(width, height):
    middle = MARGIN + BAND / 2
    xs, ys = (middle, width - middle), (middle, height - middle)
    # Between the corners, where the roses stand.
    gap = BAND * 0.72
    waves = ""
    for depth in [0.78, -0.78, 0.42, -0.42]:
        deep = depth * BAND / 2
        for y in ys:
            waves += path([(along, y + aside) for along, aside in wave(xs[0] + gap, xs[1] - gap, deep)])
        for x in xs:
            waves += path([(x + aside, along) for along, aside in wave(ys[0] + gap, ys[1] - gap, deep)])
    roses = "".join(rose(x, y, BAND * 0.86 * 0.62) for x in xs for y in ys)
    lines = "".join(
        f'<rect x="{inset}" y="{inset}" width="{width - 2 * inset}" height="{height - 2 * inset}" stroke-width="{stroke}"/>'
        for inset, stroke in [(MARGIN, 0.6), (MARGIN + BAND, 0.3), (MARGIN + BAND + 1, 0.15)]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<g fill="none" stroke="{GOLD}">{lines}<path transform="scale(.05)" stroke-width="3.4" d="{waves}"/></g>'
        f'<path transform="scale(.05)" fill="#fff" stroke="{RED}" stroke-width="3.4" d="{roses}"/></svg>\n'
    )


if __name__ == "__main__":
    (TEMPLATES / "frame-portrait.svg").write_text(frame(210, 297))
    (TEMPLATES / "frame-landscape.svg").write_text(frame(297, 210))
