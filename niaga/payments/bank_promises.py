"""What bank lines promise, as statements that find the rows which break it; and what waits on them."""

from collections.abc import Mapping

from django.http import HttpRequest

from niaga.organization.access import access_of
from niaga.payments.queries.bank_lines import visible_lines
from niaga.ui.registry import BadgeCount


def bank_badge(request: HttpRequest) -> Mapping[str, BadgeCount]:
    """Lines that wait, for who may book them."""
    if not access_of(request.user).allows("bank", "record"):
        return {}
    return {"bank": BadgeCount(visible_lines(by=request.user).filter(status="open"))}


BANK_PROMISES = (
    (
        "bank_lines_are_settled_whole",
        "What a bank line is settled by makes its amount, or nothing while it waits.",
        """
        SELECT l.id, l.status, l.amount, s.amount FROM payments_bankline l
          LEFT JOIN (SELECT line_id, sum(amount) AS amount FROM payments_linesettlement GROUP BY 1) s
            ON s.line_id = l.id
         WHERE coalesce(s.amount, 0) <> CASE l.status WHEN 'open' THEN 0 ELSE l.amount END
        """,
    ),
    (
        "payments_stand_on_one_bank_line",
        "A payment stands on one bank line at most, with its own amount, and one that was booked from a line is there.",
        """
        SELECT p.id, p.number, s.amount, s.lines FROM payments_payment p
          JOIN (SELECT payment_id, sum(amount) AS amount, count(DISTINCT line_id) AS lines, bool_or(own) AS own FROM (
                  SELECT payment_id, line_id, sum(amount) AS amount, bool_or(kind = 'payment') AS own
                    FROM payments_linesettlement WHERE kind IN ('payment', 'tie') GROUP BY 1, 2 HAVING sum(amount) <> 0
                ) x GROUP BY 1) s ON s.payment_id = p.id
         WHERE s.lines > 1 OR s.amount <> p.amount OR (s.own AND p.status <> 'recorded')
        """,
    ),
    (
        "payouts_stand_on_one_bank_line",
        "What a gateway paid out stands on one bank line at most, with its own amount.",
        """
        SELECT p.id, p.amount, s.amount, s.lines FROM payments_gatewaypayout p
          JOIN (SELECT payout_id, sum(amount) AS amount, count(*) AS lines FROM (
                  SELECT payout_id, line_id, sum(amount) AS amount FROM payments_linesettlement
                   WHERE kind = 'payout' GROUP BY 1, 2 HAVING sum(amount) <> 0
                ) x GROUP BY 1) s ON s.payout_id = p.id
         WHERE s.lines > 1 OR s.amount <> p.amount
        """,
    ),
    (
        "suspense_is_what_bank_lines_hold",
        "The books' unidentified receipts are the parts of bank lines that are not identified yet.",
        """
        SELECT c.id, b.amount, s.amount FROM organization_company c
          LEFT JOIN (SELECT e.company_id, sum(coalesce(l.document_amount, l.amount)) AS amount
                       FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id
                      WHERE l.role = 'suspense' GROUP BY 1) b ON b.company_id = c.id
          LEFT JOIN (SELECT company_id, sum(amount) AS amount FROM payments_linesettlement
                      WHERE role = 'suspense' GROUP BY 1) s ON s.company_id = c.id
         WHERE coalesce(b.amount, 0) <> -coalesce(s.amount, 0)
        """,
    ),
    (
        "statements_hold_their_new_lines",
        "A bank statement that was taken in has as many lines as it says were new.",
        """
        SELECT s.id, s.lines_new, count(l.id) FROM payments_bankstatement s
          LEFT JOIN payments_bankline l ON l.statement_id = s.id
         GROUP BY s.id HAVING count(l.id) <> s.lines_new
        """,
    ),
)
