"""The door at which carriers knock: kept first, answered at once, handled by a job."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.shipping.queries.carriers import carrier_of_path
from niaga.shipping.services.receive_carrier_call import receive_carrier_call

MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, path: str) -> HttpResponse:
    """An unknown address and a call that proves nothing get the same answer."""
    carrier = carrier_of_path(path)
    body = request.body
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    if carrier is None:
        return HttpResponse(status=403)
    headers = {name.lower(): value for name, value in request.headers.items()}
    known = receive_carrier_call(carrier=carrier, body=body, headers=headers, at=now())
    return HttpResponse(status=200 if known else 403)
