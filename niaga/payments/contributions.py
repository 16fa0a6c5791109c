"""What payments adds to the pages of all: its place, its finds, its stage of the chain; and the promises it keeps."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.approvals.registry import approval_subjects
from niaga.core.queries.numbered import numbered
from niaga.core.queries.together import Question
from niaga.core.registry import InvariantCheck, document_readers, document_words, invariants
from niaga.invoicing.queries.account_sources import account_sources
from niaga.invoicing.queries.allocations import allocations_of_invoices, allocations_of_sources
from niaga.invoicing.queries.settlements import Source, sources
from niaga.invoicing.registry import InvoiceCard, invoice_cards, ways_to_pay
from niaga.organization.access import access_of
from niaga.payments.bank_promises import BANK_PROMISES, bank_badge
from niaga.payments.queries.account import PaymentAccount
from niaga.payments.queries.bounced import bounced_giros
from niaga.payments.queries.payment_requests import requests_of_invoice, visible_requests
from niaga.payments.queries.payments import payments_by_id, visible_payments
from niaga.payments.queries.refunds import visible_refunds
from niaga.payments.web.giro_fees import fee_card
from niaga.payments.web.pay_online import PayOnline
from niaga.payments.web.refund_approval import refund_approval
from niaga.payments.web.request_words import REQUESTS, WAYS
from niaga.payments.web.words import payment_state
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.registry import (
    ChainLink,
    Command,
    DocumentRef,
    Hit,
    NavigationGroup,
    NavigationItem,
    PanelFact,
    SearchContribution,
    SettingsGroup,
    SettingsPlace,
    badges,
    chain,
    commands,
    customer_panel,
    document_actions,
    navigation,
    search,
    settings_places,
)


def _may(request: HttpRequest, action: str = "view") -> bool:
    return access_of(request.user).allows("payment", action)


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """Payments by the beginning of their number, or its last figures."""
    if not _may(request):
        return []
    rows = numbered(visible_payments(by=request.user), text).select_related("customer", "clearing")
    rows = rows.only("number", "status", "method", "amount", "allocated", "currency", "customer__name", "clearing__id")
    hits = []
    for one in rows.order_by("-created_at")[:limit]:
        state = payment_state(one)
        hits.append(
            Hit(
                title=one.number, url=reverse("payments:payment", args=[one.pk]), kind="payment", id=str(one.pk),
                detail=f"{one.customer.name} · {formatting.money(one.amount, one.currency)}", meta=state.label,
                tone=state.tone, meta_icon=state.icon,
            )
        )  # fmt: skip
    return hits


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    if not _may(request, "record"):
        return []
    customer = next((hit for hit in hits if hit.kind == "customer"), None)
    if customer is not None:
        url = f"{reverse('payments:new')}?customer={customer.id}"
        return [Command(_("Record payment of {subject}"), url, icon="banknote", subject=customer.title)]
    return [] if text else [Command(_("Record payment"), reverse("payments:new"), icon="banknote")]


Links = Mapping[DocumentRef, Sequence[ChainLink]]


def _settling(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Links] | Links:
    """The payments that settle an invoice."""
    invoices = {ref.id: ref for ref in refs if ref.kind == "invoice"}
    if not invoices:
        return {}
    seen = visible_payments(by=request.user).filter(pk=OuterRef("source_id")).values("number")
    rows = allocations_of_invoices(list(invoices)).filter(source_kind="payment").annotate(number=Subquery(seen))

    def links(found: Sequence[Mapping[str, Any]]) -> Links:
        links: dict[DocumentRef, list[ChainLink]] = {}
        for row in found:
            if row["number"]:
                url = reverse("payments:payment", args=[row["source_id"]])
                link = ChainLink("payment", row["source_id"], row["number"], url)
                links.setdefault(invoices[row["invoice_id"]], []).append(link)
        return links

    return Question(rows, links)


def _settled(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Links] | Links:
    """The invoices that a payment settles."""
    payments = {ref.id: ref for ref in refs if ref.kind == "payment"}
    if not payments or not access_of(request.user).allows("invoice", "view"):
        return {}

    def links(found: Sequence[Mapping[str, Any]]) -> Links:
        links: dict[DocumentRef, list[ChainLink]] = {}
        for row in found:
            link = ChainLink("invoice", row["invoice_id"], row["number"] or "", f"/invoices/{row['invoice_id']}")
            links.setdefault(payments[row["source_id"]], []).append(link)
        return links

    return Question(allocations_of_sources(list(payments)), links)


def _itself(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Links] | Links:
    """A payment, which may settle nothing."""
    payments = {ref.id: ref for ref in refs if ref.kind == "payment"}
    if not payments:
        return {}
    rows = visible_payments(by=request.user).filter(pk__in=list(payments)).values("id", "number", "status")

    def links(found: Sequence[Mapping[str, Any]]) -> Links:
        return {
            payments[row["id"]]: [
                ChainLink("payment", row["id"], row["number"], reverse("payments:payment", args=[row["id"]]),
                          done=row["status"] == "recorded")
            ]
            for row in found
        }  # fmt: skip

    return Question(rows, links)


Facts = Mapping[UUID, Sequence[PanelFact]]


def _bounced(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    """A warning beside a customer whose giros came back."""
    if not _may(request):
        return {}
    return bounced_giros(customer_ids=customer_ids, by=request.user).then(_warnings)


def _warnings(counts: Mapping[UUID, int]) -> Facts:
    url = f"{reverse('payments:payments')}?bounced=1"
    return {key: [PanelFact(_("Returned giros"), str(count), url=url, tone="bad")] for key, count in counts.items()}


def _asked(request: HttpRequest, invoice_id: UUID) -> Question[Mapping[str, Any]]:
    """The card of an invoice's page: how its customer was asked to pay."""
    may = access_of(request.user).allows("invoice", "send")

    def told(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        rows = [{**row, "way": WAYS[row["method"]], "said": REQUESTS[row["status"]]} for row in found]
        return {"rows": rows, "may": may, "invoice_id": invoice_id}

    return Question(requests_of_invoice(invoice_id), told)


def _pay_out(request: HttpRequest, ref: DocumentRef, status: str) -> Sequence[Action]:
    """“Pay out” in the menu of an issued credit note."""
    if (ref.kind, status) != ("invoice", "credit_note issued") or not _may(request, "refund"):
        return []
    return [Action(_("Pay out"), url=reverse("payments:pay_out", args=[ref.id]), icon="undo-2", method="get")]


def _may_set_up(request: HttpRequest) -> bool:
    return access_of(request.user).allows("setting", "manage")


def contribute() -> None:
    document_actions.add("payments", _pay_out)
    ways_to_pay.add("gateway", PayOnline())
    invoice_cards.add("giro_fee", InvoiceCard("payments/parts/giro_fee_source.html", fee_card))
    invoice_cards.add("payment_requests", InvoiceCard("payments/parts/request_card.html", _asked))
    settings_places.add(
        SettingsPlace(
            key="gateways", label=_("Payment gateways"), text=_("Midtrans, Xendit, and a sandbox to try"), icon="plug",
            url_name="payments:gateways", group=SettingsGroup.CONNECTIONS, order=30, allowed=_may_set_up,
        ),
        SettingsPlace(
            key="qris", label="QRIS", text=_("Your code, with the amount of each invoice"), icon="qr-code",
            url_name="payments:qris", group=SettingsGroup.CONNECTIONS, order=31, allowed=_may_set_up,
        ),
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="giro_fee", label=_("Returned giros"), text=_("What a customer is charged whose giro came back"),
            icon="undo-2", url_name="payments:giro_fee_setting", group=SettingsGroup.SELLING, order=73,
            allowed=lambda request: access_of(request.user).allows("customer", "credit"),
        )
    )  # fmt: skip
    document_readers.add("payment_request", lambda user, key: visible_requests(by=user).filter(pk=key).exists())
    approval_subjects.add("refund", refund_approval)
    document_readers.add("refund", lambda user, key: visible_refunds(by=user).filter(pk=key).exists())
    document_words.add("payout", lambda ids: dict.fromkeys(ids, str(_("Payout of a gateway"))))
    document_words.add("refund", lambda ids: dict.fromkeys(ids, str(_("Refund"))))
    customer_panel.add("giros", _bounced, order=220)
    navigation.add(
        NavigationItem(
            key="payments", label=_("Payments"), icon="banknote", url_name="payments:payments",
            group=NavigationGroup.MONEY, order=60, shortcut="p", allowed=_may,
        )
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="bank", label=_("Bank"), icon="landmark", url_name="payments:bank",
            group=NavigationGroup.MONEY, order=62, shortcut="k",
            allowed=lambda request: access_of(request.user).allows("bank", "view"),
        )
    )  # fmt: skip
    badges.add("bank", bank_badge)
    search.add("payments", SearchContribution(_("Payments"), "banknote", find=_find))
    commands.add("payments", _offer)
    for name, stage in (("settling", _settling), ("settled", _settled), ("payments", _itself)):
        chain.add(name, stage)
    sources.add("payment", Source(_("Payment"), "/payments/{}", payments_by_id))
    document_words.add("payment", lambda ids: dict.fromkeys(ids, str(_("Payment"))))
    document_words.add("bank_line", lambda ids: dict.fromkeys(ids, str(_("Bank line"))))
    account_sources.add("payment", PaymentAccount())
    document_readers.add("payment", lambda user, key: visible_payments(by=user).filter(pk=key).exists())
    for name, promise, sql in (*_PROMISES, *BANK_PROMISES):
        invariants.add(name, InvariantCheck(promise=promise, sql=sql))


_PROMISES = (
    (
        "giro_fees_are_their_invoices",
        "What a returned giro's fee charges is its issued invoice's one line, of the giro's customer; what was waived"
        " of it is its credit notes, and never more.",
        """
        SELECT f.id, f.amount, i.net, w.amount FROM payments_girofee f
          JOIN payments_paymentreversal r ON r.id = f.reversal_id JOIN payments_payment p ON p.id = r.payment_id
          JOIN invoicing_invoice i ON i.id = f.invoice_id
          LEFT JOIN invoicing_invoiceline l ON l.id = f.line_id AND l.invoice_id = i.id
          LEFT JOIN LATERAL (SELECT sum(w.amount) AS amount, bool_or(n.credits_id IS DISTINCT FROM i.id
                                    OR n.net <> w.amount OR n.status <> 'issued') AS differs
                               FROM payments_girofeewaiver w JOIN invoicing_invoice n ON n.id = w.credit_note_id
                              WHERE w.fee_id = f.id) w ON true
         WHERE i.kind <> 'giro_fee' OR i.status <> 'issued' OR i.net <> f.amount OR l.net IS DISTINCT FROM f.amount
            OR i.customer_id <> p.customer_id OR NOT r.bounced OR w.differs OR w.amount > f.amount
        UNION ALL
        SELECT i.id, i.net, NULL, NULL FROM invoicing_invoice i LEFT JOIN payments_girofee f ON f.invoice_id = i.id
         WHERE i.kind = 'giro_fee' AND f.id IS NULL LIMIT 100
        """,
    ),
    (
        "asked_refunds_go_back_as_approved",
        "What was approved to go back went back once, by refunds of just that amount, and only after the yes.",
        """
        SELECT a.id FROM payments_askedrefund a JOIN approvals_approvalrequest q ON q.id = a.request_id
          LEFT JOIN LATERAL (SELECT sum(amount) AS amount FROM payments_refund r
                              WHERE r.id = ANY(a.refund_ids)) r ON true
         WHERE (a.made_at IS NULL) <> (a.refund_ids = '{}')
            OR a.made_at IS NOT NULL AND (q.status <> 'approved' OR r.amount IS DISTINCT FROM a.amount)
        UNION ALL
        SELECT min(a.id::text)::uuid FROM payments_askedrefund a, unnest(a.refund_ids) AS u
         GROUP BY u HAVING count(*) > 1
        """,
    ),
    (
        "payments_settle_what_they_allocated",
        "What of a payment is used is the sum of its allocations and refunds, and never more than was paid.",
        """
        SELECT p.id, p.number, p.allocated, a.amount, r.amount FROM payments_payment p
          LEFT JOIN (SELECT source_id, sum(coalesce(source_amount, amount)) AS amount FROM invoicing_allocation
                      WHERE source_kind = 'payment' GROUP BY 1) a ON a.source_id = p.id
          LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM payments_refund
                      WHERE status <> 'failed' GROUP BY 1) r ON r.payment_id = p.id
         WHERE p.allocated <> coalesce(a.amount, 0) + coalesce(r.amount, 0) OR p.allocated > p.amount
        """,
    ),
    (
        "reversed_payments_settle_nothing",
        "A payment is reversed exactly when it has a reversal, and then it settles nothing.",
        """
        SELECT p.id, p.number FROM payments_payment p LEFT JOIN payments_paymentreversal r ON r.payment_id = p.id
         WHERE (p.status = 'reversed') <> (r.id IS NOT NULL) OR (p.status = 'reversed' AND p.allocated <> 0)
        """,
    ),
    (
        "payment_numbers_have_no_gap",
        "The last number of the payments' series is the count of payments in it.",
        """
        SELECT s.company_id, s.period, s.last, p.count FROM core_numberseries s
          LEFT JOIN LATERAL (
            SELECT count(*) AS count FROM payments_payment p
             WHERE p.company_id = s.company_id AND p.number LIKE s.prefix || '%'
          ) p ON true
         WHERE s.kind = 'payment' AND s.last <> p.count
        """,
    ),
    (
        "paid_requests_have_their_payment",
        "A request that was paid through a gateway has one payment of the amount that the gateway took.",
        """
        SELECT r.id, r.paid_amount, p.amount FROM payments_paymentrequest r
          LEFT JOIN payments_payment p ON p.id = r.payment_id
         WHERE r.status = 'paid' AND (p.id IS NULL OR p.amount <> r.paid_amount OR p.method <> 'gateway')
        """,
    ),
    (
        "refund_numbers_have_no_gap",
        "The last number of the refunds' series is the count of refunds in it.",
        """
        SELECT s.company_id, s.period, s.last, p.count FROM core_numberseries s
          LEFT JOIN LATERAL (
            SELECT count(*) AS count FROM payments_refund p
             WHERE p.company_id = s.company_id AND p.number LIKE s.prefix || '%'
          ) p ON true
         WHERE s.kind = 'refund' AND s.last <> p.count
        """,
    ),
)
