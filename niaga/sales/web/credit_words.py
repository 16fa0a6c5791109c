"""How sales says what an order waits for, and what finance was asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.sales.models import SalesOrder
from niaga.sales.rules.credit import Hold, Standing
from niaga.sales.services.check_credit import late_text
from niaga.ui import formatting
from niaga.ui.lists import Status

STAGE = {
    "confirm": gettext_lazy("To confirm"),
    "amend": gettext_lazy("To amend"),
    "ship": gettext_lazy("To ship"),
}
STATE = {
    "open": Status(gettext_lazy("Waits"), "warn", "hourglass"),
    "released": Status(gettext_lazy("Released"), "good", "check"),
    "refused": Status(gettext_lazy("Not released"), "bad", "ban"),
    "passed": Status(gettext_lazy("No longer needed"), "faint", "minus"),
}
HOLD = {
    Hold.ON_HOLD: gettext_lazy("On hold"),
    Hold.OVER_LIMIT: gettext_lazy("Over the limit"),
}


def held_by(holds: Sequence[Hold], late_days: int) -> str:
    """`Overdue 45 days · Over the limit`."""
    late = ngettext("Overdue %(days)d day", "Overdue %(days)d days", late_days) % {"days": late_days}
    return " · ".join(late if one is Hold.OVERDUE else str(HOLD[one]) for one in holds)


def reasons(standing: Standing, holds: Sequence[Hold], more: Decimal, currency: str) -> list[str]:
    """One sentence for each thing that stands against an order."""
    figures, found = standing.figures, []
    if Hold.ON_HOLD in holds:
        found.append(_("The customer's credit is on hold."))
    if Hold.OVERDUE in holds:
        found.append(late_text(standing))
    if Hold.OVER_LIMIT in holds:
        facts = {
            "limit": formatting.money(figures.limit or Decimal(0), currency),
            "exposure": formatting.money(figures.exposure, currency),
            "over": formatting.money(standing.over_by(more), currency),
            "more": formatting.money(more, currency),
        }
        text = (
            _("The limit is %(limit)s, %(exposure)s is owed, and this adds %(more)s: %(over)s too much.")
            if more
            else _("The limit is %(limit)s and %(exposure)s is owed: %(over)s too much.")
        )
        found.append(text % facts)
    return found


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What an order's page says of finance: a tone, a sentence, what was written, and the page that decides."""

    tone: str
    text: str
    quote: str = ""
    url: str = ""
    waits: bool = False


def note_of(
    order: SalesOrder, asked: dict[str, Any] | None, standing: Standing, *, may_decide: bool
) -> CreditNote | None:
    """What the last request to finance means for the order today; nothing when it is behind it."""
    if not asked:
        return None
    needed = {
        "confirm": order.status == "draft",
        "amend": order.status == "confirmed" and Decimal(asked["amount"]) > order.total,
        "ship": asked["delivery_status"] in ("draft", "picking"),
    }[asked["stage"]]
    if not needed:
        return None
    if asked["released"] is None:
        facts = {"by": asked["by"] or asked["username"] or "Niaga", "when": _ago(asked["at"])}
        url = f"/credit-releases/{UUID(asked['id'])}" if may_decide else ""
        return CreditNote("warn", _("Waits for finance: asked by %(by)s, %(when)s.") % facts, asked["note"], url, True)
    facts = {"by": asked["decider"] or asked["decider_username"] or "Niaga", "when": _ago(asked["decided_at"])}
    if not asked["released"]:
        return CreditNote("bad", _("Not released by %(by)s, %(when)s.") % facts, asked["reason"])
    up_to = Decimal(asked["up_to"])
    if not standing.is_released(up_to):
        return CreditNote("warn", _("Its release is void: the credit was put on hold since. Ask again."))
    if order.total > up_to:
        facts["amount"] = formatting.money(up_to, order.currency)
        return CreditNote("warn", _("%(by)s released it up to %(amount)s only: ask again for more.") % facts)
    facts["amount"] = formatting.money(up_to, order.currency)
    return CreditNote("good", _("Released up to %(amount)s by %(by)s, %(when)s.") % facts, asked["reason"])


def _ago(text: str) -> str:
    return str(formatting.ago(datetime.fromisoformat(text)))
