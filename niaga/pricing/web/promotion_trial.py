"""Trying a promotion: what some products would cost a customer now, and why. Nothing is written."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.customers import customer_for
from niaga.pricing.queries.coupon_words import coupon_refusal_text
from niaga.pricing.queries.explained_step import ExplainedStep
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.pricing.queries.price_preview import CannotPrice, WantedLine, price_preview
from niaga.pricing.queries.who_buys import who_buys
from niaga.ui.formatting import money, parse_number, quantity

MOST = 20
ROWS = 3


@dataclass(slots=True)
class TrialRow:
    key: str = ""
    text: str = ""
    quantity: str = "1"


@dataclass(slots=True)
class TrialLine:
    name: str
    quantity: str
    gross: str
    amount: str
    why: list[ExplainedStep]
    is_less: bool
    is_gift: bool


@dataclass(slots=True)
class Trial:
    """What was chosen, and what came of it."""

    rows: list[TrialRow]
    customer_id: str = ""
    customer: str = ""
    codes: str = ""
    lines: list[TrialLine] = field(default_factory=list)
    applied: list[tuple[str, str]] = field(default_factory=list)
    """The promotions that hold, with what each takes off."""
    notes: list[str] = field(default_factory=list)
    total: str = ""
    holds: bool = False
    """Whether the promotion that is tried is among them."""


def trial_of(request: HttpRequest, promotion: Any) -> Trial:
    """The trial that was sent; without products only its empty rows. Six statements at most."""
    trial = _read(request, promotion)
    wanted = _wanted(trial)
    if not wanted:
        return trial
    access = access_of(request.user)
    if not access.allows("product", "view", promotion.company_id):
        trial.notes.append(_("Your role does not allow this."))
        return trial
    branch_id = promotion.branch_id or access.default_branch.id
    context = document_context(branch_id=branch_id, at=clock.now())
    customer_id = _customer(request, trial)
    buyer, taxed = who_buys(by=request.user, context=context, customer_id=customer_id, channel_id=promotion.channel_id)
    try:
        preview = price_preview(
            context=context, lines=wanted, on=context.today, buyer=buyer, currency=promotion.currency,
            coupon_codes=trial.codes.replace(",", " ").split()[:MOST], **taxed._asdict(),
        )  # fmt: skip
    except CannotPrice as refusal:
        trial.notes.append(str(refusal.lines[0].get("message") or refusal.message))
        return trial
    priced = preview.priced
    for line, product, unit, count in zip(
        priced.lines, preview.products, preview.units, preview.quantities, strict=True
    ):
        trial.lines.append(
            TrialLine(
                product.name, quantity(count, unit), money(line.gross, priced.currency),
                money(line.amount, priced.currency),
                explained_steps(line.explanation(), priced.currency, sees_cost=access.sees_cost),
                line.amount < line.gross, line.gift_of is not None,
            )
        )  # fmt: skip
    trial.applied = [(one.name, money(one.amount, priced.currency)) for one in priced.promotions]
    trial.total = money(priced.subtotal, priced.currency)
    trial.holds = any(one.promotion_id == promotion.id for one in priced.promotions)
    trial.notes += [coupon_refusal_text(code, reason) for code, reason in preview.refused.items()]
    if promotion.archived_at is not None:
        trial.notes.append(_("This promotion is archived, so it holds nowhere."))
    elif promotion.by_coupon and not trial.codes.strip():
        trial.notes.append(_("This promotion needs a coupon: type one of its codes."))
    return trial


def _read(request: HttpRequest, promotion: Any) -> Trial:
    asked = request.POST
    keys, texts, counts = (asked.getlist(name)[:MOST] for name in ("product", "product_text", "quantity"))
    rows = []
    for place, key in enumerate(keys):
        text = texts[place][:250] if place < len(texts) else ""
        count = counts[place][:30] if place < len(counts) else "1"
        if key or text:
            rows.append(TrialRow(key, text, count))
    rows += [TrialRow() for _turn in range(ROWS - len(rows))]
    if "product" not in asked:  # nothing was asked yet
        return Trial(rows, str(promotion.customer_id or ""), promotion.customer_name or "")
    return Trial(rows, asked.get("customer", ""), asked.get("customer_text", "")[:200], asked.get("codes", "")[:400])


def _wanted(trial: Trial) -> list[WantedLine]:
    wanted = []
    for row in trial.rows:
        if not row.key:
            continue
        try:
            product_id, count = UUID(row.key), parse_number(row.quantity or "1")
        except ValueError:
            trial.notes.append(_("“%(text)s” is not a number.") % {"text": row.quantity})
            continue
        wanted.append(WantedLine(quantity=count, product_id=product_id))
    return wanted


def _customer(request: HttpRequest, trial: Trial) -> UUID | None:
    """The customer that was chosen, when the person may see them."""
    try:
        found = customer_for(request.user, UUID(trial.customer_id)) if trial.customer_id else None
    except (ValueError, NotFound):
        trial.notes.append(_("There is no such customer."))
        return None
    trial.customer = found.name if found else ""
    return found.pk if found else None
