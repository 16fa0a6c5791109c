"""The API's own description, read by tests: every operation, and the smallest body that it takes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from niaga.config.api import api


@dataclass(frozen=True)
class Operation:
    """`path` as the API writes it, after `/api/v1`."""

    method: str
    path: str
    body: Mapping[str, Any] | None
    is_form: bool
    texts: tuple[str, ...] = ()
    """Of a GET, the words it may be asked with that are free text."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def url(self, ids: Mapping[str, str]) -> str:
        """The address of the things that `ids` names by the names of the path's parts."""
        return "/api/v1" + re.sub(r"{(\w+)}", lambda found: ids[found[1]], self.path)


@cache
def _schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=""))


PORTAL = "/portal/"
"""Below it customers' programs work, with tokens of their own."""


def operations() -> Iterator[Operation]:
    """The office's."""
    yield from (one for one in _operations() if not one.path.startswith(PORTAL))


def portal_operations() -> Iterator[Operation]:
    """Those of customers' programs."""
    yield from (one for one in _operations() if one.path.startswith(PORTAL))


def _operations() -> Iterator[Operation]:
    for path, methods in sorted(_schema()["paths"].items()):
        for method, facts in methods.items():
            kinds = facts.get("requestBody", {}).get("content", {})
            body = next((kind["schema"] for kind in kinds.values()), None)
            texts = (
                tuple(
                    one["name"]
                    for one in facts.get("parameters", ())
                    if one["in"] == "query" and one["schema"].get("type") == "string" and "enum" not in one["schema"]
                )
                if method == "get"
                else ()
            )
            yield Operation(method.upper(), path, body, "multipart/form-data" in kinds, texts)


def smallest(schema: Mapping[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """The smallest value that the schema takes; keys are of the things in `ids` that are called like the field."""
    if "$ref" in schema:
        return smallest(_schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], ids, name)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return smallest(schema[choice][0], ids, name)
    if "enum" in schema or "const" in schema:
        return schema.get("const") or schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        fields = schema.get("properties", {})
        wanted = {*schema.get("required", ()), *(field for field in fields if field in ids)}
        return {field: smallest(fields[field], ids, field) for field in fields if field in wanted}
    if kind == "array":
        return [smallest(schema["items"], ids, name) for _n in range(schema.get("minItems", 0))]
    if kind == "string":
        return _text(schema, ids, name)
    if kind in ("number", "integer"):
        return max(schema.get("minimum", 1), 1)
    return kind == "boolean" or None


def _text(schema: Mapping[str, Any], ids: Mapping[str, str], name: str) -> str:
    if name in ids:
        return ids[name]
    formats = {"date": "2027-01-01", "date-time": "2027-01-01T00:00:00Z", "uuid": ids.get("order_id", "")}
    patterns = {"^[A-Z]{3}$": "IDR", "^20[0-9]{2}-(0[1-9]|1[0-2])$": "2026-10", "^(0[1-9]|10|)$": "04"}
    by_name = {"to": "sari@example.com", "username": "baru", "number": "829002", "name": "Baru", "code": "N1"}
    return (
        formats.get(schema.get("format", ""))
        or patterns.get(schema.get("pattern", ""))
        or by_name.get(name)
        or "x" * schema.get("minLength", 1)
    )


def free_texts(schema: Mapping[str, Any]) -> list[str]:
    """The fields of a body in which anything may be written."""
    if "$ref" in schema:
        return free_texts(_schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    found = []
    for name, field in schema.get("properties", {}).items():
        kinds = [field, *field.get("anyOf", ())]
        if any(one.get("type") == "string" and not {"format", "pattern", "enum", "const"} & set(one) for one in kinds):
            found.append(name)
    return found


def key_fields(schema: Mapping[str, Any]) -> list[str]:
    """The fields of a body that name another thing by its key."""
    if "$ref" in schema:
        return key_fields(_schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    return [
        name
        for name, field in schema.get("properties", {}).items()
        if any(one.get("format") == "uuid" for one in (field, *field.get("anyOf", ())))
    ]
