"""The API's schema names components by their class: two of one name would overwrite each other."""

from collections import Counter

from ninja import Schema

from niaga.config.api import api


def _all(kind: type) -> set[type]:
    found = set(kind.__subclasses__())
    return found | {below for one in found for below in _all(one)}


def test_no_two_schemas_of_the_api_share_a_name() -> None:
    api.get_openapi_schema(path_prefix="")
    ours = [kind for kind in _all(Schema) if kind.__module__.startswith("niaga.") and "[" not in kind.__name__]

    names = Counter(kind.__name__ for kind in ours if kind.__subclasses__() == [])

    assert [name for name, times in names.items() if times > 1] == []


def test_refusals_are_described_as_problem_documents() -> None:
    schema = api.get_openapi_schema(path_prefix="")

    kinds = {
        kind
        for operations in schema["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
        for kind in answer.get("content", {})
    }
    assert kinds == {"application/problem+json"}
