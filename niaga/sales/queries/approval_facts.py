"""The figures of a document that rules about approvals compare. Read by one statement, whatever the lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from niaga.approvals.rules.condition import MONEY
from niaga.core.money import round_amount
from niaga.core.queries.together import Question, Row, Written, ask
from niaga.parties.queries.credit import credit_asked
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.queries.drop_ships import in_currency, with_agreed
from niaga.sales.rules.approval_figures import NOUGHT, figures_of

LINE = (
    "kind", "quantity", "factor", "list_price", "unit_price", "promotion_discount", "amount", "document_discount",
    "points_discount", "net", "unit_cost", "steps",
)  # fmt: skip
_DEEPEST = 20
_WHOM = f"""
SELECT c.group_id::text,
       array(WITH RECURSIVE a(id, parent_id, depth) AS (
               SELECT t.id, t.parent_id, 0 FROM organization_territory t WHERE t.id = c.territory_id
               UNION ALL
               SELECT t.id, t.parent_id, a.depth + 1 FROM organization_territory t JOIN a ON t.id = a.parent_id
                WHERE a.depth < {_DEEPEST})
             SELECT DISTINCT a.id::text FROM a),
       array(WITH RECURSIVE a(id, parent_id, depth) AS (
               SELECT t.id, t.parent_id, 0 FROM organization_team t JOIN organization_membership m ON m.team_id = t.id
                WHERE m.user_id = %s::uuid AND m.company_id = c.company_id
               UNION ALL
               SELECT t.id, t.parent_id, a.depth + 1 FROM organization_team t JOIN a ON t.id = a.parent_id
                WHERE a.depth < {_DEEPEST})
             SELECT DISTINCT a.id::text FROM a),
       coalesce((SELECT max(p.days + CASE WHEN p.end_of_month THEN 31 ELSE 0 END) FROM parties_termpart p
                  WHERE p.term_id = %s::uuid), 0)::text
  FROM parties_customer c WHERE c.id = %s::uuid
"""
Document = Quotation | SalesOrder


def facts_of(
    document: Document, *, today: date, lines: Iterable[Mapping[str, Any]] | None = None,
    total: Decimal | None = None, more: Decimal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The figures of a document as it is stored, or with other `lines` and `total` as it shall be; `more` is by how
    much it grows what the customer owes, all of it unless said otherwise. One statement."""
    total = document.total if total is None else total
    whom, stored, accounts = ask(
        _whom(document), _lines(document) if lines is None else list(lines),
        credit_asked([document.customer_id], on=today),
    )  # fmt: skip
    return _told(document, whom, stored, accounts, total, total if more is None else more)


def before_and_after(
    document: Document, *, today: date, stored: Sequence[Any], lines: Iterable[Mapping[str, Any]], total: Decimal
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of a promise as it stands, and as it shall be. One statement."""
    whom, accounts = ask(_whom(document), credit_asked([document.customer_id], on=today))
    held = [{name: getattr(line, name) for name in LINE} for line in stored if line.product_id]
    before = _told(document, whom, held, accounts, document.total, NOUGHT)
    return before, _told(document, whom, lines, accounts, total, total - document.total)


def _whom(document: Document) -> Question[Row]:
    params = [document.salesperson_id, document.payment_term_id, document.customer_id]
    columns = {"group": str, "territories": list, "teams": list, "days": Decimal}
    return Question(Written(_WHOM, params, columns), lambda rows: rows[0])


def _lines(document: Document) -> Question[list[Row]]:
    if isinstance(document, Quotation):
        offered = QuotationLine.objects.filter(quotation_id=document.pk, is_chosen=True, product_id__isnull=False)
        return Question(offered.values(*LINE), list)
    rows = SalesOrderLine.objects.filter(order_id=document.pk, product_id__isnull=False)
    if document.status != "draft":
        return Question(rows.values(*LINE), list)
    return Question(
        with_agreed(rows).values(*LINE, "agreed"), lambda found: [_as_agreed(document, row) for row in found]
    )


def _as_agreed(order: SalesOrder, row: Row) -> Row:
    """What a supplier will be asked for costs what was agreed with them."""
    return row if row["agreed"] is None else {**row, "unit_cost": in_currency(order, row["agreed"])}


def _told(
    document: Document, whom: Row, lines: Iterable[Row], accounts: Mapping[Any, Any], total: Decimal, more: Decimal
) -> dict[str, Any]:
    credit = accounts.get(document.customer_id)
    exposure = credit.exposure if credit else NOUGHT
    limit = credit.limit if credit else None
    figures = asdict(figures_of(lines, document.currency))
    rate, currency = document.exchange_rate, document.currency
    if rate is not None and rate != 1:  # rules are in the company's own currency; without a rate nothing is compared
        currency = document.company.currency
        for name in MONEY & figures.keys():
            if figures[name] is not None:
                figures[name] = round_amount(figures[name] * rate, currency)
        total, more = round_amount(total * rate, currency), round_amount(more * rate, currency)
    return {
        **figures, "order_value": total, "payment_term_days": whom["days"], "exposure": exposure,
        "credit_over_by": NOUGHT if limit is None else max(NOUGHT, exposure + more - limit),
        "customer_group": [whom["group"]] if whom["group"] else [], "territory": whom["territories"],
        "team": whom["teams"] if document.salesperson_id else None,
        "channel": [str(document.channel_id)] if document.channel_id else [],
        "party": str(document.customer_id), "currency": currency,
    }  # fmt: skip
