"""The API at /api/v1: every app's router, one shape for every refusal."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from niaga.core.api import problem, problem_of
from niaga.core.errors import Refusal

api = NinjaAPI(title="Niaga", version="1", urls_namespace="api", docs_url="/docs", openapi_url="/openapi.json")


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


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(status=error.status_code, code="bad_request", detail=str(error))
