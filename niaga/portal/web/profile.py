"""What the company knows of the customer, who else has access, and leaving."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.parties.queries.customer_lists import addresses_of, contacts_of
from niaga.parties.queries.customers import customer_for
from niaga.portal.queries.visitors import Visitor, valid_accesses
from niaga.portal.services.ask_change import ask_change
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.ui.forms import once


@require_http_methods(["GET", "POST"])
@portal_page("profile")
def profile(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    refusal: Refusal | None = None
    if request.method == "POST":

        def deed() -> str:
            case_id = ask_change(visitor=visitor, text=request.POST.get("text", ""), at=clock.now())
            return f"{reverse('portal:case', args=[case_id])}?said=changing"

        try:
            return once(request, deed, principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    others = valid_accesses().filter(customer_id=visitor.customer_id)
    facts = {
        "customer": customer_for(visitor.actor, visitor.customer_id), "contacts": contacts_of(visitor.customer_id),
        "addresses": addresses_of(visitor.customer_id), "refusal": refusal, "typed": request.POST,
        "people": [one.person.address for one in others.select_related("person")],
    }  # fmt: skip
    return show(request, visitor, "portal/profile.html", facts, place="profile", status=422 if refusal else 200)
