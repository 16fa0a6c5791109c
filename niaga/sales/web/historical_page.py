from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.organization.queries.users import user_names
from niaga.sales.queries.historical_sales import historical_lines, historical_sale
from niaga.ui.documents import Axis, DocumentPage, TimelineEntry, Total
from niaga.ui.formatting import day, money


@login_required
def show_historical_sale(request: HttpRequest, sale_id: UUID) -> HttpResponse:
    """A closed sale of the past, to be read; nothing about it changes any more."""
    sale = historical_sale(sale_id=sale_id, by=request.user)
    seller = user_names([sale.salesperson_id]).get(sale.salesperson_id, "") if sale.salesperson_id else ""
    totals = [Total(_("Before discounts"), money(sale.gross, sale.currency))]
    if sale.discount:
        totals.append(Total(_("Discount"), money(-sale.discount, sale.currency)))
    totals.append(Total(_("Total"), money(sale.total, sale.currency), sum=True))
    if sale.coupon:
        totals.append(Total(_("Of it paid by coupons"), money(sale.coupon, sale.currency)))
    page = DocumentPage(
        kind="historical_sale",
        id=sale.pk,
        number=sale.number,
        party=sale.customer.name if sale.customer else _("Passer-by"),
        party_url=reverse("parties:customer", args=[sale.customer_id]) if sale.customer_id else "",
        party_id=sale.customer_id,
        axes=[
            Axis(_("Status"), _("Closed before Niaga"), "calm", "archive"),
            Axis(_("Date"), day(sale.date)),
            Axis(_("Branch"), sale.branch.name),
            *([Axis(_("Salesperson"), seller)] if seller else []),
        ],
        timeline=[TimelineEntry(at=sale.sold_at, strong=_("Sold"), by=seller, place=sale.branch.name)],
        totals=totals,
        live=False,
    ).read(request)
    page.chain = ()
    context = {"page": page, "sale": sale, "lines": list(historical_lines(sale))}
    return render(request, "sales/historical_sale.html", context)
