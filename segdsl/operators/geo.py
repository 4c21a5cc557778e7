"""Places: how far away."""

from __future__ import annotations

from segdsl.operators import meanings
from segdsl.operators.meanings import MEAN_RADIUS as MEAN_RADIUS
from segdsl.operators.operator import Example, Function
from segdsl.values.kinds import Distance, Integer, Number, Point

DISTANCE = Function(
    name="distance",
    usage="distance(here, 59.91, 10.75)",
    parameters=((Point,), (Number, Integer), (Number, Integer)),
    result=lambda *_: Distance(),
    meaning=meanings.distance,
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
