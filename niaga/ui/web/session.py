"""Whose session there is, for pages left open: `requests.ts` asks after somebody logged in beside them."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache


@never_cache
def session(request: HttpRequest) -> JsonResponse:
    known = request.user.is_authenticated
    user = str(request.user.pk) if known else ""
    return JsonResponse({"authenticated": known, "user": user, "csrf": get_token(request)})
