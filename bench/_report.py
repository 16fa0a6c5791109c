"""The last line of every benchmark: one JSON object."""

import json
from typing import Any


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(bench: str, figures: dict[str, Any], floor_ms: float) -> None:
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
    print(json.dumps({"bench": bench, "figures": rounded, "machine": {"floor_ms": round(floor_ms, 3)}}), flush=True)
