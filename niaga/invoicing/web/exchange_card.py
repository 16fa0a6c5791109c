"""Where an invoice stands with its exchange, beside the invoice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from niaga.core.queries.together import Question
from niaga.invoicing.queries.exchanges import standing_of
from niaga.invoicing.web.exchange_words import NOT_EXCHANGED, OUTCOMES
from niaga.organization.access import access_of
from niaga.ui import formatting


def exchange_card(request: HttpRequest, invoice_id: UUID) -> Question[Any]:
    """Nothing where the customer does not take invoices in."""
    may = access_of(request.user).allows("invoice", "send")
    return Question(standing_of(invoice_id), lambda rows: _told(rows[0], may) if rows else None)


def _told(row: Mapping[str, Any], may: bool) -> dict[str, Any] | None:
    outcome = row["exchange_outcome"]
    if not outcome and not row["wanted"]:
        return None
    day = formatting.day
    texts = []
    if outcome == "waiting":
        texts.append(gettext("Planned for %(day)s.") % {"day": day(row["exchange_round_date"])})
    elif outcome == "taken":
        texts.append(gettext("Taken in on %(day)s.") % {"day": day(row["exchange_exchanged_date"])})
        if row["exchange_receipt_number"]:
            texts.append(gettext("Receipt %(number)s") % {"number": row["exchange_receipt_number"]})
        if row["exchange_received_by_name"]:
            texts.append(gettext("Received by %(name)s") % {"name": row["exchange_received_by_name"]})
        if row["exchange_promised_date"]:
            texts.append(gettext("They pay on %(day)s.") % {"day": day(row["exchange_promised_date"])})
    elif row["exchange_next_date"]:
        texts.append(gettext("To be tried again on %(day)s.") % {"day": day(row["exchange_next_date"])})
    if row["exchange_reason"]:
        texts.append(row["exchange_reason"])
    return {
        "shown": OUTCOMES[outcome] if outcome and outcome != "left" else NOT_EXCHANGED, "texts": texts,
        "round_id": row["exchange_round_id"], "number": row["exchange_round_number"], "invoice_id": row["id"],
        "withdrawable": outcome == "taken" and may,
    }  # fmt: skip
