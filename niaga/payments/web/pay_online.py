"""The customer's page of an invoice, as far as it is paid online or by the company's QRIS code: `/l/<token>/pay`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import segno
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.documents.registry import OpenedLink
from niaga.organization.access import SYSTEM
from niaga.payments.errors import TooManyRequests
from niaga.payments.queries.gateway_accounts import accounts_offering
from niaga.payments.queries.payment_requests import current_request, request_by_key
from niaga.payments.queries.qris import qris_for
from niaga.payments.rules.qris import Qris
from niaga.payments.services.request_payment import request_payment

DEEDS = 12
"""Ways to pay that one link may ask for in a minute."""


def drawn(text: str) -> str:
    """A code as an SVG picture, without a size of its own."""
    picture = segno.make(text, error="m", micro=False)
    told: str = picture.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return mark_safe(told)  # noqa: S308 (squares that we made; the text itself is not in it)


def ways_of(company_id: UUID) -> tuple[list[dict[str, str]], bool]:
    """What a customer may choose from, and whether it only tries things out."""
    ways: dict[tuple[str, str], dict[str, str]] = {}
    accounts = accounts_offering(company_id=company_id)
    for account in accounts:
        for method in account.methods:
            for bank in account.banks if method == "va" else [""]:
                ways.setdefault((method, bank), {"method": method, "bank": bank})
    return list(ways.values()), bool(accounts) and not accounts[0].live


class PayOnline:
    """Part of the customer's page; see `invoicing.registry.WayToPay`."""

    template = "payments/parts/pay_online.html"
    path = "pay"

    def shown(self, request: HttpRequest, link: OpenedLink, invoice: Any) -> Mapping[str, Any] | None:
        if invoice.kind == "credit_note":
            return None
        ways, tries = ways_of(invoice.company_id)
        asked = _to_pay(invoice)
        current = current_request(invoice_id=invoice.pk, amount=asked) if ways and asked else None
        qris = qris_for(company_id=invoice.company_id, currency=invoice.currency, amount=asked)
        if (not ways or invoice.currency != "IDR") and qris is None:
            return None
        return self._told(link, invoice, current, ways, tries, qris)

    def answer(self, request: HttpRequest, link: OpenedLink, invoice: Any, rest: str) -> HttpResponse:
        """POST `pay` asks for a way; GET `pay/<request>` is how it stands, asked every second while it is open.

        :raises TooManyRequests: one link asks too often
        """
        if invoice.kind == "credit_note":
            raise NotFound()
        if request.method == "POST" and rest == self.path:
            return self._ask(request, link, invoice)
        wanted = request_by_key(invoice_id=invoice.pk, request_id=_key(rest.removeprefix(f"{self.path}/")))
        if request.method != "GET" or wanted is None:
            raise NotFound()
        if not invoice.open or wanted.status == "paid":
            answer = HttpResponse()
            answer["HX-Refresh"] = "true"  # the whole page says something else now
            return answer
        ways, tries = ways_of(invoice.company_id)
        return render(request, self.template, {"told": self._told(link, invoice, wanted, ways, tries, None)})

    def _ask(self, request: HttpRequest, link: OpenedLink, invoice: Any) -> HttpResponse:
        key = f"pay:{link.id}"
        if not cache.add(key, 1, 60) and cache.incr(key) > DEEDS:
            raise TooManyRequests()
        ways, tries = ways_of(invoice.company_id)
        told: dict[str, Any]
        try:
            made = request_payment(
                invoice_id=invoice.pk, method=request.POST.get("method", ""), bank=request.POST.get("bank", ""),
                by_customer=True, by=SYSTEM, at=clock.now(),
            )  # fmt: skip
            told = self._told(link, invoice, made, ways, tries, None)
        except Refusal as refusal:
            told = self._told(link, invoice, None, ways, tries, None) | {"refusal": refusal.message}
        if request.headers.get("HX-Request") != "true":
            return HttpResponseRedirect(f"/l/{link.token}")
        return render(request, self.template, {"told": told})

    def _told(
        self, link: OpenedLink, invoice: Any, current: Any, ways: list[dict[str, str]], tries: bool, qris: Qris | None
    ) -> dict[str, Any]:
        moving = current is not None and current.status in ("queued", "sending", "pending", "uncertain")
        return {
            "has_link": any(way["method"] == "link" for way in ways),
            "address": f"/l/{link.token}/pay", "ways": ways if invoice.open else [], "request": current,
            "moving": moving, "tries": tries, "paid": not invoice.open,
            "code": drawn(current.code) if current is not None and current.code else "",
            "qris": drawn(qris.text()) if qris is not None else "", "merchant": qris.merchant if qris else "",
            "invoice": invoice, "to_pay": _to_pay(invoice), "title": gettext("Pay online"),
        }  # fmt: skip


def _to_pay(invoice: Any) -> Decimal:
    """What pays it today: less the early-payment discount while that holds."""
    amount: Decimal = invoice.offer.pay if invoice.offer else invoice.open
    return amount


def _key(text: str) -> UUID:
    """:raises NotFound: no key"""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound() from error
