"""What is known of gateways when bank lines are matched: how banks write them, and payouts that no line shows yet."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from niaga.core.queries.together import Question, Row
from niaga.payments.models import GatewayAccount, GatewayPayout, LineSettlement
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.match_facts import GatewayName, LineFacts, PaidOut
from niaga.payments.rules.match_payouts import EARLY, LATE


def gateway_names(*, company_id: UUID) -> Question[list[GatewayName]]:
    """Gateways of the company by their own names, and by what it says that its bank writes."""
    rows = GatewayAccount.objects.filter(company_id=company_id).order_by("-is_active", "name", "id")

    def told(found: list[Row]) -> list[GatewayName]:
        return [
            GatewayName(
                row["id"], row["name"],
                [*([row["statement_name"]] if row["statement_name"] else []), *GATEWAYS[row["kind"]].payer_names],
            )
            for row in found
        ]  # fmt: skip

    return Question(rows.values("id", "kind", "name", "statement_name"), told)


def unseen_payouts(*, lines: Sequence[LineFacts], company_id: UUID, currency: str) -> Question[list[PaidOut]]:
    """Payouts that one of the lines may show, and that no line shows yet."""
    days = [line.date for line in lines if line.amount > 0]
    rows = GatewayPayout.objects.none()
    if days:
        window = (min(days) - timedelta(days=LATE), max(days) + timedelta(days=EARLY))
        rows = GatewayPayout.objects.filter(company_id=company_id, currency=currency, date__range=window)
    names = ("id", "account_id", "amount", "fee", "date", "reference")
    told = rows.exclude(shown_at_the_bank()).order_by("date", "id").values(*names)
    return Question(told, lambda found: [PaidOut(*(row[name] for name in names)) for row in found])


def shown_at_the_bank() -> Exists:
    """Whether a bank line shows a payout, and was not taken back."""
    rows = LineSettlement.objects.filter(payout_id=OuterRef("pk")).order_by()
    return Exists(rows.values("payout_id").annotate(sum=Sum("amount")).exclude(sum=0))
