"""Small drawings made on the server, so that they come with the row: a line of the last months, a bar of health."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import escape

__all__ = ["bar", "ring", "spark"]

WIDTH, HEIGHT, MARGIN = 84, 20, 3
FELL = Decimal("0.9")
"""A line is drawn red only when it fell by more than a tenth."""
BAR_WIDTH = 28


def spark(numbers: Sequence[Decimal], *, label: str) -> str:
    """Return the line through ``numbers`` (at least two) as an SVG, read out as ``label``."""
    heights = [float(number) for number in numbers]  # places in a drawing, no amounts
    low, high = min(heights), max(heights)
    scale, step = (HEIGHT - 2 * MARGIN) / ((high - low) or 1.0), (WIDTH - 4) / (len(heights) - 1)
    points = [
        (2 + step * place, HEIGHT - MARGIN - (height - low) * scale) for place, height in enumerate(heights)
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    fell = " down" if numbers[-1] < numbers[0] * FELL else ""
    last_x, last_y = points[-1]
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg class="spark{fell}" {size} role="img" aria-label="{escape(label)}">'
        f'<path d="M{path}"/><circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2"/></svg>'
    )


def ring(percent: int) -> str:
    """Return a small ring filled by ``percent``; the figure stands beside it in words."""
    shape = 'cx="8" cy="8" r="6" fill="none" stroke-width="3" pathLength="100"'
    filled = f'<circle class="v" {shape} stroke-dasharray="{percent} 100" transform="rotate(-90 8 8)"/>'
    return f'<svg class="ring" width="16" height="16" aria-hidden="true"><circle {shape}/>{filled}</svg>'


def bar(percent: int) -> str:
    """Return a short bar filled by ``percent``; the figure stands beside it in words."""
    filled = f'<rect class="v" width="{BAR_WIDTH * percent // 100}" height="4" rx="2"/>'
    track = f'<rect width="{BAR_WIDTH}" height="4" rx="2"/>'
    return f'<svg class="hp-b" width="{BAR_WIDTH}" height="4" aria-hidden="true">{track}{filled}</svg>'
