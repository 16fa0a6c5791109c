"""A call that names a line twice is refused: the later would silently take the place of the earlier."""

import typing
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ninja import Schema
from pydantic import BaseModel

from niaga.config.api import api

SEVERAL_TIMES = {"InspectionIn.lines"}
"""Each row is kept: so much of a line goes one way, so much another."""


def routers(held: Any) -> Iterator[Any]:
    for _prefix, router, *_rest in held._routers:
        yield router
        if router is not held:
            yield from routers(router)


def bodies() -> Iterator[type[Schema]]:
    """What the API's operations read, with what stands inside."""
    seen: set[type] = set()
    waiting: list[Any] = [
        model
        for router in routers(api)
        for view in router.path_operations.values()
        for operation in view.operations
        for model in operation.models
        if model.__ninja_param_source__ == "body"
    ]
    while waiting:
        kind = waiting.pop()
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            waiting.extend(typing.get_args(kind))
        elif kind not in seen:
            seen.add(kind)
            waiting.extend(field.annotation for field in kind.model_fields.values())
            yield kind


def inside(annotation: Any) -> type[BaseModel] | None:
    """What a list that may be missing holds."""
    for one in (annotation, *typing.get_args(annotation)):
        if typing.get_origin(one) is list:
            (held,) = typing.get_args(one)
            if isinstance(held, type) and issubclass(held, BaseModel):
                return held
    return None


def lists() -> dict[str, tuple[type[BaseModel], str]]:
    """Lists whose rows name a line of something that is there: a `line_id` and what is said of it."""
    found = {}
    for kind in bodies():
        for name, field in kind.model_fields.items():
            held = inside(field.annotation)
            if held is not None and "line_id" in held.model_fields:
                found[f"{kind.__name__}.{name}"] = (kind, name)
    return found


LISTS = lists()


def test_the_lists_are_found() -> None:
    assert {"DeliveryIn.lines", "ShipmentIn.lines", "CreditNoteIn.lines", "ReceptionIn.lines"} <= LISTS.keys()


@pytest.mark.parametrize("name", sorted(LISTS.keys() - SEVERAL_TIMES))
def test_a_list_of_lines_names_each_once(name: str) -> None:
    kind, field = LISTS[name]
    checks = [one.func for one in kind.__pydantic_decorators__.field_validators.values() if field in one.info.fields]

    assert [one.__name__ for one in checks] == ["named_once_by_line_id"]
    twice = [SimpleNamespace(line_id=1), SimpleNamespace(line_id=2), SimpleNamespace(line_id=1)]
    with pytest.raises(ValueError, match="3"):
        checks[0](twice)
    assert checks[0](twice[:2]) == twice[:2]
