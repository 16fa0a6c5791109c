"""The API at /api/v1: every app's router, one way in, one shape for every refusal."""

import copy
import importlib
import importlib.util
from http.client import responses
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

from niaga.core.api import PROBLEMS, ExactJson, PlainJson, Problem, problem, problem_of
from niaga.core.errors import Refusal
from niaga.organization.api.auth import TokenAuth

DESCRIPTION = """
Everything that can be done on a page can be done here. Send `Authorization: Bearer …`; get a token with
`niaga token create --user U --name N` or in your profile. Every POST may carry an `Idempotency-Key`: the same key and
body give the stored answer, another body 422, one still at work 409. Refusals are `application/problem+json`
(RFC 9457). Lists are paged by `cursor`. Numbers are decimal text, so that nothing is lost.
"""


class Api(NinjaAPI):
    """Adds the refusals to its description, `application/problem+json` each.

    Declared at each operation they would be a model of pydantic each, two thousand of them at every start.
    """

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = Problem.json_schema()
        shape = {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}
        refusals = {status: {"description": responses[status], "content": {}} for status in PROBLEMS}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] |= copy.deepcopy(refusals)
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {"application/problem+json": shape}
        return schema


api = Api(
    title="Niaga", version="1", description=DESCRIPTION.strip(), urls_namespace="api", docs_url="/docs",
    openapi_url="/openapi.json", auth=[TokenAuth()], renderer=PlainJson(), parser=ExactJson(),
)  # fmt: skip

for _app in settings.NIAGA_APPS:
    _module = f"{_app}.api.router"
    _room = importlib.util.find_spec(f"{_app}.api")
    if _room and _room.submodule_search_locations and importlib.util.find_spec(_module):
        api.add_router("", importlib.import_module(_module).router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem_of(refusal)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(part) for part in item["loc"][2:] or item["loc"]),
            "message": item["msg"],
            "type": item["type"],
        }
        for item in error.errors
    ]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return problem(status=422, code="invalid", detail=detail, errors=errors)


@api.exception_handler(AuthenticationError)
def not_authenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(status=401, code="not_authenticated", detail="Send a valid bearer token.")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(RawPostDataException)
def a_form(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    """A form where JSON is asked for: its text is gone by then, with the files that it may hold."""
    return problem(status=400, code="bad_request", detail="Send the body as JSON, not as a form.")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(status=error.status_code, code="bad_request", detail=str(error))
