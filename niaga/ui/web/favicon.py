from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22"><rect width="22" height="22" rx="7" fill="#0b6b66"/>'
    '<path d="M11 17.4c2.5-2.9 4.5-4.6 4.5-7.1a4.5 4.5 0 0 0-9 0c0 2.5 2 4.2 4.5 7.1Z" fill="none" stroke="#fff"'
    ' stroke-width="2" stroke-linejoin="round"/></svg>'
)


@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponse(MARK, content_type="image/svg+xml")
