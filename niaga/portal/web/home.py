"""The first page of the portal: what is open, what is due next, what is on its way."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.bought import deliveries_on_the_way, offers_to_answer, orders_on_the_way
from niaga.portal.queries.cases import cases_of
from niaga.portal.queries.owed import credit_of, debt_of, open_invoices, reported
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.choose_customer import choose_customer
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.portal.web.invoices import shown_invoices
from niaga.portal.web.orders import shown_deliveries, shown_orders
from niaga.ui.forms import once

FEW = 5


@require_safe
@portal_page("home")
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    today = clock.today(at=clock.now(), zone=visitor.zone)
    settings = portal_settings(visitor.company_id)
    due = list(open_invoices(visitor, today=today)[:FEW])
    facts = {
        "debts": debt_of(visitor, today=today), "next": due[0] if due else None, "today": today,
        "invoices": shown_invoices(due, reported(visitor, [one.pk for one in due]), today),
        "credit": credit_of(visitor, today=today) if settings.shows_credit else None, "welcome": settings.welcome,
        "orders": shown_orders(list(orders_on_the_way(visitor)[:FEW])),
        "deliveries": shown_deliveries(list(deliveries_on_the_way(visitor)[:FEW])),
        "offers": list(offers_to_answer(visitor, today=today)[:FEW]),
        "waiting": cases_of(visitor).filter(status="open").count(),
    }  # fmt: skip
    return show(request, visitor, "portal/home.html", facts, place="home")


@require_POST
@portal_page("")
def choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Look at another of the customers that the person stands for."""
    wanted = next((one for one in visitor.others if str(one.access_id) == request.POST.get("customer", "")), None)
    if wanted is None:
        raise NotFound()

    def deed() -> str:
        choose_customer(session_id=visitor.session_id, person_id=visitor.person_id, access_id=wanted.access_id)
        return "/portal/home"

    return once(request, deed, principal_id=visitor.person_id)
