"""What invoicing adds to the pages of all: its place, its finds, its part of the chain; and the promises it keeps."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.approvals.registry import approval_subjects
from niaga.core.queries.numbered import numbered
from niaga.core.queries.together import Question
from niaga.core.registry import InvariantCheck, document_readers, document_words, invariants
from niaga.documents.registry import public_pages
from niaga.invoicing.queries.allocations import overdue_balances
from niaga.invoicing.queries.customer_debt import CustomerDebt, customer_debt
from niaga.invoicing.queries.early_discounts import discounts_by_id
from niaga.invoicing.queries.exchanges import to_exchange
from niaga.invoicing.queries.invoices import kinds_of, visible_invoices, with_balance
from niaga.invoicing.queries.late_fees import LateInvoice, fees_by_customer, late_question
from niaga.invoicing.queries.settlements import CREDIT_NOTE, Source, sources
from niaga.invoicing.queries.write_offs import deeds_by_id
from niaga.invoicing.registry import InvoiceCard, invoice_cards
from niaga.invoicing.rules.reminder_words import PLACEHOLDERS
from niaga.invoicing.web.exchange_card import exchange_card
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.late_fee_card import charged_fee, running_fee
from niaga.invoicing.web.public_invoice import public_invoice
from niaga.invoicing.web.words import KINDS, STATUS, payment_status
from niaga.invoicing.web.write_off_subject import write_off_subject
from niaga.messaging.registry import template_words
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.registry import (
    BadgeCount,
    ChainLink,
    Command,
    CustomerRow,
    CustomerSection,
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
    customer_sections,
    navigation,
    search,
    settings_places,
)


def _may(request: HttpRequest, action: str = "view") -> bool:
    return access_of(request.user).allows("invoice", action)


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    if not _may(request):
        return {}
    return {
        "invoices": BadgeCount(overdue_balances(by=request.user, today=today_of(request)), hot=True),
        "exchange": BadgeCount(to_exchange(by=request.user).filter(round_id=None)),
    }


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """Invoices by the beginning of their number, or its last figures."""
    if not _may(request):
        return []
    today = today_of(request)
    rows = with_balance(numbered(visible_invoices(by=request.user), text), today=today).select_related("customer")
    rows = rows.only("number", "status", "kind", "total", "currency", "customer__name")
    hits = []
    for one in rows.order_by("-created_at")[:limit]:
        status = payment_status(one, today) or STATUS[one.status]
        hits.append(
            Hit(
                title=one.number or "", url=reverse("invoicing:invoice", args=[one.pk]), kind="invoice",
                id=str(one.pk), detail=f"{one.customer.name} · {formatting.money(one.total, one.currency)}",
                meta=status.label, tone=status.tone, meta_icon=status.icon,
            )
        )  # fmt: skip
    return hits


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    if text or not _may(request, "create"):
        return []
    return [Command(_("New invoice"), "/invoices/new", icon="receipt-text")]


Links = Mapping[DocumentRef, Sequence[ChainLink]]


def _chain(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Links] | Links:
    """An invoice with the credit notes that correct it, and the other way round."""
    asked = {ref.id: ref for ref in refs if ref.kind == "invoice"}
    if not asked:
        return {}
    rows = visible_invoices(by=request.user).exclude(status="discarded")
    rows = rows.filter(Q(pk__in=list(asked)) | Q(credits_id__in=list(asked)) | Q(credit_notes__in=list(asked)))

    def links(listed: Sequence[Mapping[str, Any]]) -> Links:
        found: dict[DocumentRef, list[ChainLink]] = {ref: [] for ref in asked.values()}
        corrects = {row["id"]: row["credits_id"] for row in listed}
        for row in listed:
            url = reverse("invoicing:invoice", args=[row["id"]])
            link = ChainLink("invoice", row["id"], row["number"] or "…", url, done=row["status"] == "issued")
            for asked_id, ref in asked.items():
                if row["id"] == asked_id or row["credits_id"] == asked_id or corrects.get(asked_id) == row["id"]:
                    found[ref].append(link)
        return found

    return Question(rows.distinct().values("id", "number", "status", "credits_id"), links)


Facts = Mapping[UUID, Sequence[PanelFact]]


def _facts(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    """What is open and overdue, and credit that waits to be used."""
    if not _may(request):
        return {}
    return customer_debt(customer_ids=customer_ids, by=request.user, today=today_of(request)).then(_debts)


def _debts(debts: Sequence[CustomerDebt]) -> Facts:
    facts: dict[UUID, list[PanelFact]] = {}
    for row in debts:
        url = f"/invoices?customer={row.customer_id}&payment=open"
        shown = facts.setdefault(row.customer_id, [])
        if row.open:
            shown.append(PanelFact(_("Open invoices"), formatting.money(row.open, row.currency), url=url))
        if row.overdue:
            late = f"/invoices?customer={row.customer_id}&payment=overdue"
            shown.append(PanelFact(_("Overdue"), formatting.money(row.overdue, row.currency), url=late, tone="bad"))
        if row.credit > Decimal(0):
            shown.append(PanelFact(_("Credit to use"), formatting.money(row.credit, row.currency), tone="good"))
    return facts


def _words(invoice_ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {key: str(KINDS[kind]) for key, kind in kinds_of(invoice_ids).items()}


def _account(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The ways to the customer's account; no statement."""
    if not _may(request):
        return None
    rows = [
        *([CustomerRow(gettext("Call about what is overdue"), gettext("Calls, promises, disputes; pause reminders"),
                       icon="phone", url=reverse("invoicing:call", args=[customer_id]))]
          if _may(request, "send") else []),
        CustomerRow(gettext("Statement of account"), gettext("What was billed and paid in a period"),
                    icon="scroll-text", url=reverse("invoicing:statement", args=[customer_id])),
        *([CustomerRow(gettext("Tukar faktur"), gettext("When and where invoices are taken in, with which papers"),
                       icon="repeat-2", url=reverse("invoicing:exchange_rule", args=[customer_id]))]
          if access_of(request.user).allows("customer", "change") else []),
        *_late_fees(request, customer_id),
        CustomerRow(gettext("Open items"), gettext("What is not paid, and how long it is overdue"), icon="hourglass",
                    url=reverse("invoicing:open_items", args=[customer_id])),
    ]  # fmt: skip
    return CustomerSection("account", _("Account"), rows)


def _late_fees(request: HttpRequest, customer_id: UUID) -> list[CustomerRow]:
    """What was charged for paying late, and the customer's own rule."""
    url = f"{reverse('invoicing:late_fees')}?customer={customer_id}"
    rows = [
        CustomerRow(
            gettext("Late fees"), gettext("What was charged for paying late"), icon="alarm-clock", url=url
        )
    ]  # fmt: skip
    if access_of(request.user).allows("customer", "credit"):
        own = reverse("invoicing:customers_fee_rule", args=[customer_id])
        rows.append(
            CustomerRow(gettext("Rule about late fees"), gettext("Their own, before that of their group"),
                        icon="settings", url=own)
        )  # fmt: skip
    return rows


def _running_fees(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    """What late days cost so far that nobody charged yet."""
    if not _may(request):
        return {}
    today = today_of(request)
    company_id = access_of(request.user).current_company.id
    return late_question(company_id=company_id, today=today, customer_ids=customer_ids).then(
        lambda found: _fee_facts(found, today)
    )


def _fee_facts(found: Sequence[LateInvoice], today: date) -> Facts:
    facts: dict[UUID, list[PanelFact]] = {}
    for (customer_id, currency), amount in fees_by_customer(found, today=today).items():
        url = f"{reverse('invoicing:late_fees')}?customer={customer_id}"
        fact = PanelFact(_("Late fee so far"), formatting.money(amount, currency), url=url, tone="warn")
        facts.setdefault(customer_id, []).append(fact)
    return facts


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="invoices", label=_("Invoices"), icon="receipt-text", url_name="invoicing:invoices",
            group=NavigationGroup.MONEY, order=50, shortcut="i", allowed=_may,
        )
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="ageing", label=_("Receivables"), icon="hourglass", url_name="invoicing:ageing",
            group=NavigationGroup.MONEY, order=65, allowed=_may,
        )
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="tax_invoices", label=_("Tax invoices"), icon="badge-percent", url_name="invoicing:tax_invoices",
            group=NavigationGroup.MONEY, order=55,
            allowed=lambda request: access_of(request.user).allows("tax_filing", "view")
            and access_of(request.user).current_company.country == "ID",
        )
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="calls", label=_("Calls to make"), icon="phone", url_name="invoicing:calls",
            group=NavigationGroup.MONEY, order=66, allowed=lambda request: _may(request, "send"),
        )
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="exchange", label=_("Tukar faktur"), icon="repeat-2", url_name="invoicing:to_exchange",
            group=NavigationGroup.MONEY, order=56,
            allowed=lambda request: _may(request) and access_of(request.user).current_company.country == "ID",
        )
    )  # fmt: skip
    invoice_cards.add("exchange", InvoiceCard("invoicing/exchange_card.html", ask=exchange_card))
    invoice_cards.add("running_fee", InvoiceCard("invoicing/running_fee_card.html", ask=running_fee))
    invoice_cards.add("charged_fee", InvoiceCard("invoicing/charged_fee_card.html", ask=charged_fee))
    settings_places.add(
        SettingsPlace(
            key="late_fees", label=_("Late fees"), text=_("What paying late costs, and from which day"),
            icon="alarm-clock", url_name="invoicing:late_fee_rules", group=SettingsGroup.SELLING, order=72,
            allowed=lambda request: access_of(request.user).allows("customer", "credit"),
        )
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="reminders", label=_("Reminders"), text=_("When and how customers hear of what they owe"),
            icon="bell-ring", url_name="invoicing:reminder_plans", group=SettingsGroup.SELLING, order=70,
            allowed=lambda request: access_of(request.user).allows("customer", "credit"),
        )
    )  # fmt: skip
    template_words.add("reminder", PLACEHOLDERS)
    badges.add("invoicing", _badges)
    search.add("invoices", SearchContribution(_("Invoices"), "receipt-text", find=_find))
    commands.add("invoicing", _offer)
    chain.add("invoicing", _chain)
    customer_panel.add("invoicing", _facts, order=200)
    customer_panel.add("late_fees", _running_fees, order=205)
    customer_sections.add("account", _account, order=5)
    public_pages.add("invoice", public_invoice)
    sources.add("credit_note", CREDIT_NOTE)
    sources.add("write_off", Source(_("Write-off"), "/write-offs?deed={}", deeds_by_id))
    sources.add(
        "early_discount", Source(_("Early-payment discount"), "/early-payment-discounts?id={}", discounts_by_id)
    )
    approval_subjects.add("write_off", write_off_subject)
    document_words.add("invoice", _words)
    document_words.add("tax_slip", lambda ids: dict.fromkeys(ids, str(_("Tax slip"))))
    document_readers.add("invoice", lambda user, key: visible_invoices(by=user).filter(pk=key).exists())
    for name, promise, sql in _PROMISES:
        invariants.add(name, InvariantCheck(promise=promise, sql=sql))


_PROMISES = (
    (
        "late_days_are_charged_once",
        "No day of a part of an invoice is charged twice, and what a fee invoice's lines charge is what its days cost"
        " less what was waived of them before its issue.",
        """
        SELECT a.due_id, a.first, a.last, b.first FROM invoicing_latefeedays a JOIN invoicing_latefeedays b
            ON b.due_id = a.due_id AND b.id > a.id AND b.first <= a.last AND b.last >= a.first
         WHERE a.released_at IS NULL AND b.released_at IS NULL
         UNION ALL
        SELECT d.line_id, d.first, d.last, NULL FROM invoicing_latefeedays d
          JOIN invoicing_latefee f ON f.id = d.fee_id JOIN invoicing_invoice i ON i.id = f.invoice_id
          LEFT JOIN invoicing_invoiceline l ON l.id = d.line_id
          LEFT JOIN (SELECT days_id, sum(amount) AS amount FROM invoicing_latefeewaiver
                      WHERE credit_note_id IS NULL GROUP BY 1) w ON w.days_id = d.id
         WHERE f.released_at IS NULL AND i.status <> 'discarded'
           AND l.net IS DISTINCT FROM d.amount - coalesce(w.amount, 0) LIMIT 100
        """,
    ),
    (
        "early_discounts_are_allocations",
        "What an early-payment discount let go of and was not taken back is what its allocations settle.",
        """
        SELECT coalesce(g.id, a.source_id), g.amount, a.amount
          FROM (SELECT g.id, CASE WHEN r.id IS NULL THEN g.amount ELSE 0 END AS amount
                  FROM invoicing_givendiscount g LEFT JOIN invoicing_discountreversal r ON r.given_id = g.id
                 WHERE g.credit_note_id IS NULL) g
          FULL JOIN (SELECT source_id, sum(amount) AS amount FROM invoicing_allocation
                      WHERE source_kind = 'early_discount' GROUP BY 1) a ON a.source_id = g.id
         WHERE coalesce(g.amount, 0) <> coalesce(a.amount, 0) LIMIT 100
        """,
    ),
    (
        "discounts_by_note_are_notes",
        "A discount that lessens the tax is a credit note of its amount, which settles its invoice and nothing else;"
        " taken back it settles a debit note with the same figures in its place.",
        """
        SELECT g.id, n.number, d.number FROM invoicing_givendiscount g
          JOIN invoicing_invoice n ON n.id = g.credit_note_id
          LEFT JOIN invoicing_discountreversal r ON r.given_id = g.id
          LEFT JOIN invoicing_invoice d ON d.id = r.debit_note_id
          LEFT JOIN LATERAL (SELECT coalesce(sum(a.amount) FILTER (WHERE a.invoice_id = g.invoice_id), 0) AS own,
                                    coalesce(sum(a.amount) FILTER (WHERE a.invoice_id = d.id), 0) AS again,
                                    coalesce(sum(a.amount), 0) AS whole
                               FROM invoicing_allocation a WHERE a.source_id = n.id) a ON true
         WHERE n.total - n.tax_by_buyer <> g.amount OR a.whole <> g.amount OR n.credits_id <> g.invoice_id
            OR (r.id IS NULL AND a.own <> g.amount) OR (r.id IS NOT NULL AND (d.id IS NULL OR a.again <> g.amount))
            OR (d.id IS NOT NULL AND (d.net, d.tax, d.luxury_tax, d.rounding, d.total, d.credits_id)
                 IS DISTINCT FROM (n.net, n.tax, n.luxury_tax, n.rounding, n.total, n.credits_id))
         LIMIT 100
        """,
    ),
    (
        "early_discounts_are_promised",
        "An early-payment discount is of a payment, or somebody granted it; it is no more than the term's percentage of"
        " the claim, but for the currency's smallest unit.",
        """
        SELECT g.id, g.number, g.until, g.amount, b.total FROM invoicing_givendiscount g
          JOIN invoicing_invoicebalance b ON b.invoice_id = g.invoice_id
         WHERE (NOT g.late AND g.payment_id IS NULL) OR g.amount > round(b.total * g.percent / 100, 4) + 1
         LIMIT 100
        """,
    ),
    (
        "write_offs_are_allocations",
        "What a write-off gave up and was not claimed again is what its allocations settle, invoice by invoice.",
        """
        SELECT coalesce(w.deed_id, a.source_id), coalesce(w.invoice_id, a.invoice_id), w.amount, a.amount
          FROM (SELECT w.deed_id, w.invoice_id, CASE WHEN r.write_off_id IS NULL THEN w.amount ELSE 0 END AS amount
                  FROM invoicing_writeoff w LEFT JOIN invoicing_writeoffreversal r ON r.write_off_id = w.id) w
          FULL JOIN (SELECT source_id, invoice_id, sum(amount) AS amount FROM invoicing_allocation
                      WHERE source_kind = 'write_off' GROUP BY 1, 2) a
            ON a.source_id = w.deed_id AND a.invoice_id = w.invoice_id
         WHERE coalesce(w.amount, 0) <> coalesce(a.amount, 0) LIMIT 100
        """,
    ),
    (
        "put_right_is_whole",
        "An invoice that was put right is taken back whole by one credit note, and another stands in its place.",
        """
        SELECT c.id, i.number, i.total, n.total FROM invoicing_correction c
          JOIN invoicing_invoice i ON i.id = c.invoice_id JOIN invoicing_invoice n ON n.id = c.credit_note_id
          JOIN invoicing_invoice r ON r.id = c.replacement_id
         WHERE n.total <> i.total OR n.credits_id <> i.id OR n.kind <> 'credit_note' OR r.kind <> 'invoice'
            OR n.status <> 'issued' OR r.status <> 'issued' OR i.customer_id <> r.customer_id LIMIT 100
        """,
    ),
    (
        "invoices_add_up",
        "An invoice's net, taxes and rounding make its total, and its lines make its net and taxes.",
        """
        SELECT i.id, i.number, i.net, i.tax, i.luxury_tax, i.total, l.net, l.tax, l.luxury_tax FROM invoicing_invoice i
          LEFT JOIN (SELECT invoice_id, sum(net) AS net, sum(tax) AS tax, sum(luxury_tax) AS luxury_tax
                       FROM invoicing_invoiceline GROUP BY 1) l ON l.invoice_id = i.id
         WHERE i.net + i.tax + i.luxury_tax + i.rounding <> i.total
            OR (i.net, i.tax, i.luxury_tax) <> (coalesce(l.net, 0), coalesce(l.tax, 0), coalesce(l.luxury_tax, 0))
        """,
    ),
    (
        "points_on_invoices_are_those_of_their_lines",
        "What points take off an invoice is what they take off its lines, and a part of the document's discounts.",
        """
        SELECT i.id, i.number, i.points_used, i.points_amount, l.points, l.discount FROM invoicing_invoice i
          JOIN LATERAL (SELECT sum(points_discount) AS points, sum(document_discount) AS discount
                          FROM invoicing_invoiceline WHERE invoice_id = i.id) l ON true
         WHERE (i.points_used > 0 OR i.points_amount <> 0)
           AND (i.points_amount <> l.points OR i.points_amount + i.discount_amount <> l.discount)
        """,
    ),
    (
        "invoice_balances_are_the_sum_of_allocations",
        "What is settled of an invoice is the sum of its allocations; of a credit note, what it settled.",
        """
        SELECT b.invoice_id, b.kind, b.allocated, a.amount FROM invoicing_invoicebalance b
          LEFT JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS amount FROM invoicing_allocation
             WHERE CASE WHEN b.kind = 'credit_note' THEN source_id = b.invoice_id ELSE invoice_id = b.invoice_id END
          ) a ON true
         WHERE b.allocated <> a.amount OR b.allocated < 0 OR b.allocated > b.total
            OR (b.settled_at IS NOT NULL) <> (b.allocated = b.total)
        """,
    ),
    (
        "balances_know_from_which_day_to_which_they_moved",
        "An invoice's balance knows its day, and the first and the last day of what was allocated.",
        """
        SELECT b.invoice_id, i.date, b.date, b.first_on, b.last_on, a.first, a.last FROM invoicing_invoicebalance b
          JOIN invoicing_invoice i ON i.id = b.invoice_id
          LEFT JOIN LATERAL (
            SELECT min(date) AS first, max(date) AS last FROM invoicing_allocation
             WHERE CASE WHEN b.kind = 'credit_note' THEN source_id = b.invoice_id ELSE invoice_id = b.invoice_id END
          ) a ON true
         WHERE b.date <> i.date OR b.first_on <> least(i.date, a.first) OR b.last_on <> greatest(i.date, a.last)
        """,
    ),
    (
        "issued_invoices_have_a_balance_and_dues",
        "Every issued invoice has a balance over what its buyer pays to us, and instalments that make it.",
        """
        SELECT i.id, i.number, i.total, i.tax_by_buyer, b.total, d.amount FROM invoicing_invoice i
          LEFT JOIN invoicing_invoicebalance b ON b.invoice_id = i.id
          LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM invoicing_invoicedue GROUP BY 1) d
            ON d.invoice_id = i.id
         WHERE i.status = 'issued' AND (b.total IS DISTINCT FROM i.total - i.tax_by_buyer
                                    OR d.amount IS DISTINCT FROM i.total - i.tax_by_buyer)
        """,
    ),
    (
        "tax_paid_by_buyers_is_what_slips_are_waited_for",
        "The account of tax that collectors pay to the state is theirs on invoices, less credit notes and slips.",
        """
        SELECT j.company_id, j.amount, i.amount, s.amount
          FROM (SELECT r.company_id, coalesce(sum(l.amount), 0) AS amount FROM ledger_roleaccount r
                  LEFT JOIN (ledger_account a JOIN ledger_journalline l
                    ON l.account_id = a.id AND l.role = 'tax_by_buyer') ON a.company_id = r.company_id
                 WHERE r.role = 'tax_by_buyer' GROUP BY 1) j
          LEFT JOIN (SELECT company_id, sum(CASE WHEN kind = 'credit_note' THEN -tax_by_buyer ELSE tax_by_buyer END)
                            AS amount FROM invoicing_invoice WHERE status = 'issued' GROUP BY 1) i USING (company_id)
          LEFT JOIN (SELECT company_id, sum(amount) AS amount FROM invoicing_taxslip WHERE reversed_at IS NULL
                      GROUP BY 1) s USING (company_id)
         WHERE j.amount <> coalesce(i.amount, 0) - coalesce(s.amount, 0)
        """,
    ),
    (
        "invoice_numbers_have_no_gap",
        "The last number of a series is the count of what was issued in it.",
        """
        SELECT s.company_id, s.kind, s.period, s.last, i.count FROM core_numberseries s
          LEFT JOIN LATERAL (
            SELECT count(*) AS count FROM invoicing_invoice i
             WHERE i.company_id = s.company_id AND i.number LIKE s.prefix || '%' AND i.status = 'issued'
          ) i ON true
         WHERE s.kind IN ('invoice', 'credit_note', 'debit_note') AND s.last <> i.count
        """,
    ),
    (
        "what_counts_from_the_exchange_has_its_day_when_it_was_taken_in",
        "A part that counts from the exchange has a day if, and only if, its invoice was taken in; and the balance"
        " tells the earliest day of what is not covered.",
        """
        SELECT d.invoice_id, d.due_date, x.id FROM invoicing_invoicedue d
          LEFT JOIN invoicing_exchangeitem x ON x.invoice_id = d.invoice_id AND x.outcome = 'taken'
         WHERE d.after_exchange AND (d.due_date IS NULL) <> (x.id IS NULL)
         UNION ALL
        SELECT b.invoice_id, b.due_date, NULL FROM invoicing_invoicebalance b JOIN LATERAL (
          SELECT min(due_date) AS due_date FROM (
            SELECT due_date, sum(amount) OVER (ORDER BY position) AS upto FROM invoicing_invoicedue
             WHERE invoice_id = b.invoice_id) p WHERE p.upto > b.allocated) n ON true
         WHERE b.allocated < b.total AND b.kind <> 'credit_note' AND b.due_date IS DISTINCT FROM n.due_date
        """,
    ),
    (
        "nothing_is_credited_twice",
        "No more of an invoice is credited than was invoiced.",
        """
        SELECT i.id, i.number, i.total, c.total FROM invoicing_invoice i
          JOIN (SELECT credits_id, sum(CASE WHEN kind = 'debit_note' THEN -total ELSE total END) AS total
                  FROM invoicing_invoice WHERE status = 'issued' AND credits_id IS NOT NULL
                 GROUP BY 1) c ON c.credits_id = i.id
         WHERE c.total > i.total OR c.total < 0
        """,
    ),
    (
        "reminders_are_told_once",
        "A part of an invoice passes each level once, and a message tells at most one level of it.",
        """
        SELECT m.due_id, m.level_id, count(*) FROM invoicing_remindermark m
         WHERE m.outcome <> 'skipped' GROUP BY m.due_id, m.level_id HAVING count(*) > 1
         UNION ALL
        SELECT m.due_id, m.reminder_id, count(*) FROM invoicing_remindermark m
         WHERE m.reminder_id IS NOT NULL GROUP BY m.due_id, m.reminder_id HAVING count(*) > 1
        """,
    ),
    (
        "reminders_tell_what_they_were_made_for",
        "Every reminder tells at least one part, all of its customer and its level.",
        """
        SELECT r.id, r.customer_id, m.due_id FROM invoicing_reminder r
          LEFT JOIN invoicing_remindermark m ON m.reminder_id = r.id
         WHERE m.id IS NULL OR m.customer_id <> r.customer_id OR m.level_id <> r.level_id
            OR (m.outcome = 'told') <> (r.email_id IS NOT NULL OR r.whatsapp_id IS NOT NULL)
        """,
    ),
)
