from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.flow import check_move
from niaga.invoicing.errors import ChargesTooMuch
from niaga.invoicing.rules.crediting import Charge
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.payments.errors import NothingToPayOut, RefundNeedsApproval
from niaga.payments.services.ask_for_refund import ask_for_pay_out
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.pricing.services.give_back_promotions import give_back_promotions
from niaga.returns.errors import CouponStays, GiftsWorthMore, NoExchange
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.bought import return_settings
from niaga.returns.queries.credits import Credit, credits_of
from niaga.returns.queries.gifts import LackingGift, of_order
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services._settled import Settled, write_settled
from niaga.returns.services.charge_gifts import charge_gifts
from niaga.returns.services.credit_unknown_sale import credit_unknown_sale, draft_anew
from niaga.returns.services.lock_return import lock_return
from niaga.returns.services.share_out import share_out
from niaga.sales.queries.returnable import lock_sold_together
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.draft_exchange import ExchangeItem, PartOf, draft_exchange
from niaga.ui import formatting


@transaction.atomic
def settle_return(
    *, return_id: UUID, way: str = "credit", refund_way: str = "original", waive_fees: bool = False,
    waive_gifts: bool = False, coupon_back: bool = False, note: str = "", by: Actor, at: datetime,
) -> Return:  # fmt: skip
    """Credit what came back and stayed (of a claim its part of the price), exactly as it was sold: the share of what
    the invoice's lines say, tax, promotion and points with it, never priced anew. Restocking fees are lines of their
    own. The credit notes are issued at once and settle what is open of their invoices; the rest is the customer's
    credit. With `way` exchange the same goods are written on a new draft order at the same figures; with refund that
    credit goes back in money, by `refund_way` of `pay_out_credit`, as far as payments settle the invoices; where a rule
    asks for a yes, once it is given.

    Gifts that came with what goes back and did not come back are charged where the company wants it, at what the
    promotion took off for them (`waive_gifts`: not this time). A coupon is given back by the company's setting: never,
    when all came back, or (`coupon_back`) by who settles; its promotion's limits are freed with it. An exchange does
    neither.

    :raises NotFound: no such return
    :raises Forbidden: the person may not settle, credit or issue
    :raises WrongState: it is not inspected, or (a claim) not authorized
    :raises NotInvoiced: a part of it is not billed yet
    :raises CreditedAlready: nothing is left of it to credit
    :raises GiftsWorthMore: gifts that stay are worth more than is credited
    :raises CouponStays: a coupon is to be given back where the company does not
    :raises NoExchange: a claim, or lines that points paid for
    :raises NothingToPayOut: refund, and no money came in for it that could go back
    :raises NobodyCanApprove: a rule asks for a yes that nobody may give
    :raises PeriodClosed: the books of today's month are closed
    """
    found = Return.objects.filter(pk=return_id).values_list("order_id", flat=True)
    if not found:
        raise NotFound()
    if found[0] is not None:
        lock_sold_together(found[0])
    rma = lock_return(return_id=return_id, action="settle", by=by)
    if rma.order_id != found[0]:  # its order was found at this moment: that one must be locked first
        raise WrongState()
    verb = "settle_claim" if rma.kind == "claim" else "settle"
    check_move(return_flow, verb, rma.status)
    lines = list(ReturnLine.objects.filter(rma_id=rma.id).select_related("reason", "order_line").order_by("position"))
    credited = credits_of(rma, lines)
    is_owed = any(one.line.order_line is None or one.line.order_line.net for one in credited)  # gifts alone are not
    is_exchange, is_refund = way == "exchange" and bool(credited), way == "refund" and is_owed
    if is_exchange and rma.kind == "claim":
        raise NoExchange(field="way")
    access_of(by).require("invoice", "credit", rma)
    settings, whole = return_settings(rma.company_id), of_order(rma)
    ends = is_owed and not is_exchange  # of an exchange the same goods go out again, as they were sold
    gifts = whole.gifts if settings.gifts == "charge" and not waive_gifts and ends else ()
    codes = _give_coupons_back(rma, settings.coupons, whole.is_whole, coupon_back, at) if ends else []
    notes = _credit(rma, credited, waive_fees, gifts, by, at) if is_owed else []
    exchange_id = None
    if is_exchange:
        exchange_id = _send_anew(rma, credited, by, at)
    if is_refund:
        _pay_out(rma, notes, refund_way, by, at)
    settled_as = "exchange" if is_exchange else "refund" if is_refund else "credit" if is_owed else "nothing"
    settled = Settled(verb, settled_as, lines, credited, notes, exchange_id, waive_fees, note, gifts, codes)
    write_settled(rma, settled, by=by, at=at)
    if not is_owed and not waive_gifts:  # no credit of which a gift that did not come could be kept
        charge_gifts(rma=rma, lines=lines, by=by, at=at)
    return rma


def _give_coupons_back(rma: Return, rule: str, is_whole: bool, wanted: bool, at: datetime) -> list[str]:
    """The codes that can be used again; before a number is drawn, since promotions are locked."""
    if wanted and rule != "ask":
        raise CouponStays(field="coupon_back")
    if rma.order_id is None or not (wanted or (rule == "whole" and is_whole)):
        return []
    lock_credit_account(rma.customer_id)
    batch = Batch()
    codes = give_back_promotions(
        batch=batch, source_kind="order", source_id=rma.order_id, number=rma.order_number,
        customer_id=rma.customer_id, only_coupons=not is_whole, at=at,
    )  # fmt: skip
    batch.write()
    return codes


def _credit(
    rma: Return, credited: Sequence[Credit], waive_fees: bool, gifts: Sequence[LackingGift], by: Actor, at: datetime
) -> list[Any]:
    """A credit note for each invoice, issued; without a document one that corrects none."""
    if rma.without_document:
        return credit_unknown_sale(rma, credited, waive_fees=waive_fees, by=by, at=at)
    lock_credit_account(rma.customer_id)  # before the invoice, as who pays it, whose discount credits it
    reason = ", ".join(dict.fromkeys(one.line.reason.name(rma.company.language) for one in credited))
    notes: list[Any] = []
    with override(rma.company.language or "id"):
        charges = [
            Charge(one.worth, _("Gift that stays: %(quantity)s × %(name)s")
                   % {"quantity": formatting.number(one.quantity), "name": one.name})
            for one in gifts
        ]  # fmt: skip
    shares = share_out(rma, credited, waive_fees=waive_fees)
    most = max(shares, key=lambda share: share.worth)
    for share in shares:
        own = charges if share is most else ()
        try:
            note_id = credit_invoice(
                invoice_id=share.invoice_id, quantities=share.quantities, reason=f"{rma.number}: {reason}",
                remarks=share.remarks, fees=share.fees, charges=own, by=by, at=at,
            )  # fmt: skip
        except ChargesTooMuch as error:
            raise GiftsWorthMore(field="gifts") from error
        notes.append(issue_invoice(invoice_id=note_id, by=by, at=at))
    return notes


def _pay_out(rma: Return, notes: Sequence[Any], refund_way: str, by: Actor, at: datetime) -> None:
    """Give the money back that came in for what is credited; what has none stays the customer's credit. Where a rule
    wants a yes it is asked for, and the credit goes back once it is given."""
    went_back = False
    for note in notes:
        details = PayOut(reason=f"{rma.number}: {note.number}", way=refund_way)
        try:
            pay_out_credit(credit_note_id=note.id, details=details, by=by, at=at)
        except NothingToPayOut:
            continue
        except RefundNeedsApproval:
            ask_for_pay_out(credit_note_id=note.id, details=details, by=by, at=at)
        went_back = True
    if not went_back:
        raise NothingToPayOut(field="way")


def _send_anew(rma: Return, credited: Sequence[Credit], by: Actor, at: datetime) -> UUID:
    if rma.order_id is None:
        return draft_anew(rma, credited, by=by, at=at)
    items = [
        ExchangeItem(one.line.order_line_id, one.quantity, _alone(one.line))
        for one in credited
        if one.line.order_line_id is not None
    ]
    return draft_exchange(order_id=rma.order_id, items=items, reference=rma.number or "", by=by, at=at)


def _alone(line: ReturnLine) -> PartOf | None:
    """A part of a bundle is sent alone."""
    if line.part_each is None:
        return None
    return PartOf(line.product_id, line.unit_id, line.description, line.kept)
