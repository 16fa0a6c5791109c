"""What the customer sees of an order through their link: the days that were asked for and are promised, and how far it
is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import LANGUAGES
from niaga.organization.access import SYSTEM
from niaga.sales.queries.documents import get_order_page
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.web.words import DELIVERY, ORDER


def order_page(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponse:
    """No prices: the link is about days, and may be passed on to who takes the goods in.

    :raises NotFound: nothing is there, or an order that never bound
    """
    found = get_order_page(order_id=link.subject_id, by=SYSTEM)
    if rest or found.confirmed_at is None:
        raise NotFound()
    sender = company_print(company_id=found.company_id, currency=found.currency)
    chosen = request.COOKIES.get("niaga_language", "")
    language = chosen if chosen in LANGUAGES else found.customer.language or sender.language
    with translation.override(language):
        context = {
            "order": found, "sender": sender, "open": found.status == "confirmed" and found.delivery_progress != "done",
            "lines": [line for line in shown_order_lines(order_id=found.id) if line.product_id],
            "status": DELIVERY[found.delivery_progress] if found.status != "cancelled" else ORDER["cancelled"],
            "look": public_look(
                PrintKind.ORDER_CONFIRMATION, company_id=found.company_id, customer_id=found.customer_id,
                branch_id=found.branch_id, channel_id=found.channel_id, logo=sender.logo,
            ),
        }  # fmt: skip
        answer = render(request, "sales/public_order.html", context)
        answer["Content-Language"] = language
    return answer
