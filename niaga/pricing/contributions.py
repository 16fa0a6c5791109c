"""What pricing adds to the pages of all: its place, its command, the promises that it keeps."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.queries.together import Question
from niaga.core.registry import InvariantCheck, invariants, state_words
from niaga.documents.queries.attachments import attachments_of
from niaga.organization.access import access_of
from niaga.pricing.queries.loyalty_figures import Balance, balances_of, card_of, worth
from niaga.pricing.queries.loyalty_invariants import INVARIANTS as LOYALTY
from niaga.pricing.queries.loyalty_words import ending_told, points_told
from niaga.pricing.queries.price_changes import price_changes_for
from niaga.pricing.queries.price_lists import prices_of_product
from niaga.pricing.queries.promotion_invariants import INVARIANTS
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import discounts_of
from niaga.pricing.queries.terms_in_words import whom
from niaga.pricing.web.price_change_words import STATUSES
from niaga.pricing.web.promotions import agreed_state, today_of
from niaga.ui import formatting
from niaga.ui.registry import (
    BadgeCount,
    Command,
    CustomerRow,
    CustomerSection,
    Hit,
    NavigationGroup,
    NavigationItem,
    PanelFact,
    ProductRow,
    ProductSection,
    badges,
    commands,
    customer_panel,
    customer_sections,
    navigation,
    product_sections,
)

Facts = Mapping[UUID, Sequence[PanelFact]]


def _may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("price_list", action)


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    """`New price list` and `New promotion`, when nothing was typed or words of it were."""
    if not _may(request, "create"):
        return []
    offered = ((_("New price list"), "pricing:new"), (_("New promotion"), "pricing:new_promotion"))
    return [
        Command(label, reverse(name), icon="plus")
        for label, name in offered
        if not text or text.casefold() in str(label).casefold()
    ]


def _prices(request: HttpRequest, product_id: UUID, facts: Mapping[str, str]) -> ProductSection | None:
    """The product's prices in the lists that are not archived, for its page."""
    if not _may(request, "view"):
        return None
    rows = []
    for entry in prices_of_product(request.user, product_id):
        detail = whom(entry) or gettext("everybody")
        if entry.unit_id and not entry.min_quantity:
            detail = f"{detail} · {gettext('for one %(unit)s') % {'unit': entry.unit_code}}"
        if entry.min_quantity:
            quantity = formatting.quantity(entry.min_quantity, entry.unit_code)
            detail = f"{detail} · {gettext('from %(quantity)s') % {'quantity': quantity}}"
        rows.append(
            ProductRow(
                title=entry.list_name, detail=detail, value=formatting.money(entry.price, entry.currency),
                url=reverse("pricing:price_list", args=[entry.price_list_id]),
            )
        )  # fmt: skip
    return ProductSection(_("Price lists"), rows, empty=_("In no price list; everybody pays the list price."))


def _agreed(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """What was agreed with the customer: what, on what, until when, and the contract. Four statements."""
    if not _may(request, "view"):
        return None
    today = today_of(request)
    found = list(discounts_of(request.user, customer_id, today))
    files = attachments_of(kind="promotion", ids=[one.pk for one in found]) if found else {}
    rows = []
    for one in found:
        state = agreed_state(one, today)
        rows.append(
            CustomerRow(
                title=one.name, detail=sentence(told_of(one)), value=str(state.label), tone=state.tone, icon=state.icon,
                url=reverse("pricing:promotion", args=[one.pk]),
                links=[(file.name, reverse("documents:file", args=[file.pk])) for file in files.get(one.pk, ())],
            )
        )  # fmt: skip
    may = _may(request, "create")
    return CustomerSection(
        "agreed", _("Agreed discounts"), rows,
        empty=_("Nothing was agreed; price lists and promotions for everybody hold."),
        more=_("Agree a discount") if may else "",
        more_url=reverse("pricing:agree_discount", args=[customer_id]) if may else "",
    )  # fmt: skip


def _points(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The customer's points and tier, once there is a programme. One statement."""
    access = access_of(request.user)
    if not access.allows("loyalty", "view"):
        return None
    card = card_of(customer_id=customer_id, company_id=access.current_company.id, today=today_of(request))
    if card is None:
        return None
    address = reverse("pricing:member", args=[customer_id])
    rows = []
    if card.usable is not None:
        left = formatting.money(worth(card.usable, card.point_value, card.currency), card.currency)
        said = [gettext("worth %(amount)s") % {"amount": left}] if card.point_value else []
        if card.ends_on is not None:
            said.append(ending_told(card.ending, card.ends_on))
        rows.append(
            CustomerRow(
                title=points_told(card.usable), detail=" · ".join(said), value=card.tier, tone="accent", icon="award",
                url=address,
            )
        )  # fmt: skip
    return CustomerSection(
        "points", card.name, rows, empty=_("No member yet; the first points make the customer one."),
        more=_("Points"), more_url=address,
    )  # fmt: skip


def _balance(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    """What the customers of a page have, as a line of their panels."""
    if not access_of(request.user).allows("loyalty", "view"):
        return {}
    return balances_of(customer_ids=customer_ids, by=request.user, today=today_of(request)).then(_told_balances)


def _told_balances(customers: Mapping[UUID, Balance]) -> Facts:
    told = {}
    for customer_id, has in customers.items():
        parts = [formatting.number(has.points)]
        parts += [formatting.money(has.worth, has.currency)] if has.worth else []
        parts += [has.tier] if has.tier else []
        address = reverse("pricing:member", args=[customer_id])
        told[customer_id] = [PanelFact(_("Points"), " · ".join(parts), url=address)]
        if has.ends_on is not None:
            soon = gettext("%(count)s on %(day)s") % {
                "count": formatting.number(has.ending), "day": formatting.day(has.ends_on)
            }  # fmt: skip
            told[customer_id].append(PanelFact(_("Points that end"), soon, url=address, tone="bad"))
    return told


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    """Changes whose moment came and that could not be published."""
    if not _may(request, "change"):
        return {}
    return {"price_lists": BadgeCount(price_changes_for(request.user).filter(status="blocked"), hot=True)}


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="price_lists", label=_("Prices"), icon="tag", url_name="pricing:price_lists",
            group=NavigationGroup.FIELD, order=50, shortcut="r", allowed=lambda request: _may(request, "view"),
        ),
        NavigationItem(
            key="promotions", label=_("Promotions"), icon="ticket-percent", url_name="pricing:promotions",
            group=NavigationGroup.FIELD, order=51, shortcut="m", allowed=lambda request: _may(request, "view"),
        ),
    )  # fmt: skip
    navigation.add(
        NavigationItem(
            key="loyalty", label=_("Loyalty"), icon="award", url_name="pricing:loyalty",
            group=NavigationGroup.FIELD, order=52, shortcut="y",
            allowed=lambda request: access_of(request.user).allows("loyalty", "view"),
        )
    )  # fmt: skip
    badges.add("pricing", _badges)
    state_words.add("price_change", STATUSES)
    product_sections.add("pricing", _prices, order=20)
    commands.add("pricing", _offer)
    customer_sections.add("pricing", _agreed, order=20)
    customer_sections.add("loyalty", _points, order=10)
    customer_panel.add("loyalty", _balance, order=60)
    for name, check in (INVARIANTS | LOYALTY).items():
        invariants.add(name, check)
    invariants.add(
        "prices_are_of_the_companys_products",
        InvariantCheck(
            promise="A price list holds prices of its own company's products only.",
            sql="""
                SELECT e.id, l.code, p.sku FROM pricing_pricelistentry e
                  JOIN pricing_pricelist l ON l.id = e.price_list_id
                  JOIN catalog_product p ON p.id = e.product_id
                 WHERE p.company_id <> l.company_id
            """,
        ),
    )
