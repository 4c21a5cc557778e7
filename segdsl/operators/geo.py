"""Places: how far away."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from segdsl.operators.operator import Context, Example, Function
from segdsl.values.kinds import Distance, Integer, Number, Point

MEAN_RADIUS = 6371.0088
"""Of the Earth in kilometres (International Union of Geodesy and Geophysics, R1)."""


def haversine(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Kilometres between two places in degrees, on a sphere (R. W. Sinnott, "Virtues of the haversine", 1984)."""
    latitude, other = radians(here[0]), radians(there[0])
    half = sin((other - latitude) / 2) ** 2
    half += cos(latitude) * cos(other) * sin(radians(there[1] - here[1]) / 2) ** 2
    return 2 * MEAN_RADIUS * asin(sqrt(min(1.0, half)))


def _distance(_context: Context, here: tuple[float, float], latitude: float, longitude: float) -> float:
    return haversine(here, (latitude, longitude))


DISTANCE = Function(
    name="distance",
    usage="distance(here, 59.91, 10.75)",
    parameters=((Point,), (Number, Integer), (Number, Integer)),
    result=lambda *_: Distance(),
    meaning=_distance,
    limits=(None, Number((-90, False), (90, True)), Number((-180, False), (180, True))),
    prose="How far a place is from a latitude and longitude in degrees, over the ground (haversine, mean radius "
    "6371.0088 km). Compare it with `25 km`, `500 m` or `10 miles`.",
    examples=(
        Example("dimension here: point", "distance(here, 59.91, 10.75) <= 25 km", {"here": [59.95, 10.9]}, True),
        Example("dimension here: point", "distance(here, 59.91, 10.75) <= 25 km", {"here": [51.5, -0.13]}, False),
        Example("dimension here: point", "distance(here, 59.91, 10.75) <= 25 km", {}, False),
    ),
)

FUNCTIONS = (DISTANCE,)
