"""What parties adds to the pages of all: its place, its finds, its facts; and the promises that it keeps."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now, today
from niaga.core.queries.together import Question
from niaga.core.registry import InvariantCheck, invariants, names
from niaga.organization.access import access_of
from niaga.parties.queries.credit import credit_asked
from niaga.parties.queries.customers import customer_names
from niaga.parties.queries.find_customers import find_customers
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.rules.phones import format_phone
from niaga.ui import formatting
from niaga.ui.registry import (
    Command,
    Hit,
    NavigationGroup,
    NavigationItem,
    PanelFact,
    SearchContribution,
    SettingsGroup,
    SettingsPlace,
    commands,
    customer_panel,
    navigation,
    search,
    settings_places,
)


def _may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("customer", action)


def _may_set(request: HttpRequest) -> bool:
    return access_of(request.user).allows("setting", "view")


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    if not _may(request, "view"):
        return []
    return [
        Hit(
            title=one.name, url=reverse("parties:customer", args=[one.id]), kind="customer", id=str(one.id),
            detail=one.code, meta=one.group or (format_phone(one.phone) if one.phone else ""),
        )
        for one in find_customers(text, request.user, limit)
    ]  # fmt: skip


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    """`New customer` with what was typed as its name, when nobody of that name is there."""
    if not _may(request, "create"):
        return []
    known = any(hit.kind == "customer" and hit.title.casefold() == text.casefold() for hit in hits)
    if text and not known and not text.isdigit():
        url = f"{reverse('parties:new')}?{urlencode({'name': text})}"
        return [Command(_("New customer {subject}"), url, icon="plus", subject=text)]
    return [] if text else [Command(_("New customer"), reverse("parties:new"), icon="plus")]


Facts = Mapping[UUID, Sequence[PanelFact]]


def _facts(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts]:
    """Credit left and hold, for the panel beside documents."""
    on = today(at=now(), zone=access_of(request.user).current_company.zone)
    return credit_asked(customer_ids, on=on).then(_told)


def _told(accounts: Mapping[UUID, CreditFigures]) -> Facts:
    facts: dict[UUID, list[PanelFact]] = {}
    for customer_id, figures in accounts.items():
        shown = [PanelFact(_("Owes"), formatting.money(figures.exposure, figures.currency))]
        if figures.available is not None:
            tone = "bad" if figures.available < 0 else ""
            shown.append(PanelFact(_("Credit left"), formatting.money(figures.available, figures.currency), tone=tone))
        if figures.on_hold:
            shown.append(PanelFact(_("Hold"), str(_("On hold")), tone="bad"))
        facts[customer_id] = shown
    return facts


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="customers", label=_("Customers"), icon="building-2", url_name="parties:customers",
            group=NavigationGroup.START, order=40, shortcut="c", phone=3, allowed=lambda request: _may(request, "view"),
        )
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            "payment_terms", _("Payment terms"), _("When invoices are due, at once or in parts"), "calendar-days",
            "parties:terms", SettingsGroup.SELLING, 10, _may_set,
        ),
        SettingsPlace(
            "credit", _("Credit"), _("When orders wait for finance: group limits, overdue invoices"), "shield-check",
            "parties:credit_policy", SettingsGroup.SELLING, 25, lambda request: _may(request, "credit"),
        ),
        SettingsPlace(
            "customer_groups", _("Customer groups"), _("Who shares price lists"), "users", "parties:groups",
            SettingsGroup.SELLING, 20, _may_set,
        ),
    )  # fmt: skip
    search.add("customers", SearchContribution(_("Customers"), "building-2", find=_find))
    commands.add("parties", _offer)
    customer_panel.add("parties", _facts)
    names.add("customer", customer_names)
    invariants.add(
        "credit_accounts_are_the_sum_of_their_entries",
        InvariantCheck(
            promise="A credit account's orders, invoices and advances are the sums of its entries.",
            sql="""
                SELECT a.id, a.orders, a.invoices, a.advances, e.orders, e.invoices, e.advances
                  FROM parties_creditaccount a
                  LEFT JOIN (SELECT account_id, sum(orders) AS orders, sum(invoices) AS invoices,
                                    sum(advances) AS advances FROM parties_creditentry GROUP BY account_id) e
                    ON e.account_id = a.id
                 WHERE (a.orders, a.invoices, a.advances)
                    <> (coalesce(e.orders, 0), coalesce(e.invoices, 0), coalesce(e.advances, 0))
            """,
        ),
    )
    invariants.add(
        "credit_accounts_carry_their_last_raise",
        InvariantCheck(
            promise="A credit account carries the last raise of its limit.",
            sql="""
                SELECT a.id, a.raised, a.raised_until, r.amount, r.last_day FROM parties_creditaccount a
                  LEFT JOIN LATERAL (SELECT amount, last_day FROM parties_creditraise r WHERE r.account_id = a.id
                                      ORDER BY r.id DESC LIMIT 1) r ON true
                 WHERE (a.raised, a.raised_until) IS DISTINCT FROM (coalesce(r.amount, 0), r.last_day)
            """,
        ),
    )
    invariants.add(
        "every_customer_has_a_credit_account",
        InvariantCheck(
            promise="Every customer has one credit account.",
            sql="""
                SELECT c.id, c.code FROM parties_customer c
                 WHERE NOT EXISTS (SELECT 1 FROM parties_creditaccount a WHERE a.customer_id = c.id)
            """,
        ),
    )
    invariants.add(
        "payment_terms_make_a_hundred",
        InvariantCheck(
            promise="The parts of a payment term make 100 % together.",
            sql="""
                SELECT t.id, t.code, sum(p.percent) FROM parties_paymentterm t
                  LEFT JOIN parties_termpart p ON p.term_id = t.id
                 GROUP BY t.id, t.code HAVING coalesce(sum(p.percent), 0) <> 100
            """,
        ),
    )
