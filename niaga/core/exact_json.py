"""JSON as it comes from outside: figures to their last digit, texts without the sign NUL."""

import json
from decimal import Decimal
from typing import Any


def read_json(text: str | bytes) -> Any:
    """The value, with `Decimal` for every figure with a point, and no NUL in any text: the database holds none.

    :raises ValueError: it is no JSON; `NaN` and `Infinity` are none
    """
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_figure)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    written = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return _without_nul(value) if "\\u0000" in written else value


def _no_figure(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {name.replace("\0", ""): _without_nul(item) for name, item in value.items()}
    return value
