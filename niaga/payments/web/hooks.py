"""The door at which payment gateways knock: kept first, answered at once, handled by a job."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.documents.web.public import address_of
from niaga.payments.queries.gateway_accounts import account_of_path
from niaga.payments.services.receive_gateway_call import receive_gateway_call

MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def hook(request: HttpRequest, path: str) -> HttpResponse:
    """An unknown address and a call that proves nothing get the same answer."""
    account = account_of_path(path)
    body = request.body
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    if account is None:
        return HttpResponse(status=403)
    headers = {name.lower(): value for name, value in request.headers.items()}
    known = receive_gateway_call(
        account=account, body=body, headers=headers, address=address_of(request), at=now()
    )  # fmt: skip
    return HttpResponse(status=200 if known else 403)
