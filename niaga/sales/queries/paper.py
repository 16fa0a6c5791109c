"""Quotations and orders as they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from niaga.catalog.queries.product_pictures import main_pictures
from niaga.core.errors import NotFound
from niaga.core.rules.tax_name import tax_name
from niaga.documents.errors import FileLost
from niaga.documents.queries.attachments import content_of
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.thumbnails import small_copy
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import lines_on_paper, party_on_paper, sums_on_paper
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintParty, PrintSignature, Stamp
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import QuotationAnswer, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.queries.documents import visible_orders, visible_quotations
from niaga.sales.queries.lines import remarks_of
from niaga.sales.queries.pro_formas import visible_pro_formas
from niaga.ui import formatting

_SHOWN = ("contact", "salesperson", "payment_term")
_STAMPS = {
    "draft": Stamp.DRAFT,
    "expired": Stamp.EXPIRED,
    "cancelled": Stamp.CANCELLED,
    "declined": Stamp.CANCELLED,
}


def quotation_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """:raises NotFound: none, or none that `by` may see"""
    quotation = visible_quotations(by=by).select_related(*_SHOWN).filter(pk=subject_id).first()
    customer = customer_facts(customer_id=quotation.customer_id) if quotation else None
    if quotation is None or customer is None or variant:
        raise NotFound()
    lines = list(
        QuotationLine.objects.filter(quotation_id=subject_id).select_related("product", "unit").order_by("position")
    )
    sender = company_print(company_id=quotation.company_id, currency=quotation.currency)
    seller = str(quotation.salesperson) if quotation.salesperson else ""
    language = language or customer.language or sender.language
    name = tax_name(sender.country, language)
    remarks = tuple(remarks_of(quotation, lines, language=language, name=name))
    data = PrintDocument(
        number=quotation.number, day=quotation.date, company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=party_on_paper(
            customer.frozen_party(quotation.billing_address),
            contact=quotation.contact.name if quotation.contact else "",
        ),
        deliver_to=_elsewhere(quotation.delivery_address, quotation.billing_address or customer.billing_address),
        currency=quotation.currency, totals=sums_on_paper(quotation, lines, tax_name=name), tax_remarks=remarks,
        lines=lines_on_paper(lines, pictures=_pictures(lines) if sender.pictures_on_quotations else None),
        stamp=_STAMPS.get(quotation.status), version=quotation.offer_version, valid_until=quotation.valid_until,
        requested_date=quotation.requested_date,
        payment_term=quotation.payment_term.name if quotation.payment_term else "", salesperson=seller,
        customer_reference=quotation.customer_reference, note=quotation.note, terms_text=quotation.terms_text,
        signatures=(PrintSignature("sign_seller", seller), _signed(subject_id)),
    )  # fmt: skip
    return Paper(
        PrintKind.QUOTATION, data, language, "quotation", quotation.id,
        quotation.company_id, customer_id=quotation.customer_id, branch_id=quotation.branch_id,
        channel_id=quotation.channel_id,
        shared=quotation.status not in ("draft", "cancelled") and access_of(by).allows("quotation", "send"),
    )  # fmt: skip


def _pictures(lines: Sequence[QuotationLine]) -> dict[UUID, bytes]:
    """Small copies of the main pictures of the lines' products, by product."""
    found = main_pictures({line.product.pk: line.product.image_id for line in lines if line.product is not None})
    copies = {key: small_copy(one.file) for key, one in found.items()}
    return {key: content for key, content in copies.items() if content is not None}


def _elsewhere(delivery: Mapping[str, Any], billing: Mapping[str, Any]) -> PrintParty | None:
    """Where goods go, when that is not where the offer goes."""
    if not delivery.get("id") or delivery.get("id") == billing.get("id"):
        return None
    return party_on_paper(delivery, with_numbers=False)


def _signed(quotation_id: UUID) -> PrintSignature:
    """The customer's name and drawn signature once they accepted, else the place for them."""
    answer = QuotationAnswer.objects.filter(quotation_id=quotation_id, accepted=True).first()
    if answer is None:
        return PrintSignature("sign_customer")
    try:
        drawn = content_of(answer.signature_id)
    except FileLost:
        drawn = None
    return PrintSignature("sign_customer", answer.name, drawn, at=formatting.moment(answer.at))


def order_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The confirmation.

    :raises NotFound: none, or none that `by` may see
    """
    order = visible_orders(by=by).select_related(*_SHOWN).filter(pk=subject_id).first()
    if order is None or variant:
        raise NotFound()
    data, language = _order_on_paper(order, language)
    signatures = (*data.signatures, PrintSignature("sign_customer"))
    data = replace(data, signatures=signatures, stamp=_STAMPS.get(order.status), banks=())
    return Paper(
        PrintKind.ORDER_CONFIRMATION, data, language, "order", order.id, order.company_id,
        customer_id=order.customer_id, branch_id=order.branch_id, channel_id=order.channel_id,
    )  # fmt: skip


def pro_forma_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """What its order comes to and how to pay it. Printed when it is made, and kept from then on.

    :raises NotFound: none, or none that `by` may see
    """
    found = (
        visible_pro_formas(by=by)
        .select_related("replaces", *(f"order__{name}" for name in _SHOWN))
        .filter(pk=subject_id)
        .first()
    )
    if found is None or variant:
        raise NotFound()
    data, language = _order_on_paper(found.order, language)
    assert data.totals is not None
    totals = replace(data.totals, tax_by_buyer=found.tax_by_buyer, pay_now=found.pay_now)
    data = replace(
        data, number=found.number, day=found.date, valid_until=found.valid_until, totals=totals,
        order_numbers=(found.order.number,), replaces=found.replaces.number if found.replaces else "",
    )  # fmt: skip
    order = found.order
    return Paper(
        PrintKind.PRO_FORMA, data, language, "pro_forma", found.id, found.company_id, final=True,
        customer_id=order.customer_id, branch_id=order.branch_id, channel_id=order.channel_id, shared=True,
    )  # fmt: skip


def _order_on_paper(order: SalesOrder, language: str) -> tuple[PrintDocument, str]:
    """What the papers of an order share, and the language they speak."""
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    lines = list(
        SalesOrderLine.objects.filter(order_id=order.id).select_related("product", "unit").order_by("position")
    )
    sender = company_print(company_id=order.company_id, currency=order.currency)
    seller = str(order.salesperson) if order.salesperson else ""
    language = language or customer.language or sender.language
    name = tax_name(sender.country, language)
    data = PrintDocument(
        number=order.number, day=order.confirmed_date or order.date, company=sender.company, logo=sender.logo,
        foot=sender.foot, banks=sender.banks,
        customer=party_on_paper(
            customer.frozen_party(order.billing_address), contact=order.contact.name if order.contact else ""
        ),
        deliver_to=party_on_paper(order.delivery_address, with_numbers=False) if order.delivery_address else None,
        currency=order.currency, lines=lines_on_paper(lines), totals=sums_on_paper(order, lines, tax_name=name),
        tax_remarks=tuple(remarks_of(order, lines, language=language, name=name)), delivery_date=order.planned_date,
        requested_date=order.requested_date,
        payment_term=order.payment_term.name if order.payment_term else "", salesperson=seller,
        customer_reference=order.customer_reference, note=order.note,
        signatures=(PrintSignature("sign_seller", seller),),
    )  # fmt: skip
    return data, language
