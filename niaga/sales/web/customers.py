"""Adding a customer on the way to a document for them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.parties.services.create_customer import create_customer


@login_required
@require_POST
def add_customer(request: HttpRequest) -> HttpResponse:
    """Add a customer by name and a way to reach them; answers the field with them chosen."""
    facts = {name: request.POST.get(f"new_{name}", "").strip()[:200] for name in ("name", "phone", "email")}
    if not facts["name"]:
        raise Invalid(_("Give the customer's name."), field="new_name")
    try:
        customer = create_customer(
            company_id=access_of(request.user).current_company.id, salesperson_id=request.user.pk, by=request.user,
            at=now(), **facts,
        )  # fmt: skip
    except Invalid as refusal:
        raise Invalid(refusal.message, field=f"new_{refusal.field}" if refusal.field else None) from refusal
    answer = render(request, "sales/parts/customer_field.html", {"customer": customer, "fresh": True})
    answer["HX-Trigger"] = "close-dialog"
    return answer
