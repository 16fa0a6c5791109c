"""Whether there is a session, for pages left open: `requests.ts` asks after somebody logged in beside them."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache


@never_cache
def session(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"authenticated": request.user.is_authenticated, "csrf": get_token(request)})
