"""What the books are told of a part of a bank line that is no customer's payment."""

from datetime import date, datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.ledger.queries.journal import postings_of
from niaga.ledger.rules.postings import Posting, bank_postings, in_document, turned_round
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor
from niaga.organization.queries.exchange_rates import Exchange
from niaga.payments.models import BankLine, LineSettlement
from niaga.payments.rules.line_parts import Part


def post_bank_part(
    *, batch: Batch, line: BankLine, part: Part, exchange: Exchange, day: date, by: Actor, at: datetime
) -> UUID:
    """Post an account's part of a line. Returns the entry."""
    postings = bank_postings(role=part.role, amount=exchange.in_base(part.amount))
    if not exchange.is_home:
        postings = in_document(postings, {"bank": part.amount, part.role: -part.amount})
    return _post(batch, line, postings, day, by, at, reverses=None)


def post_back(
    *, batch: Batch, line: BankLine, standing: LineSettlement, day: date, by: Actor, at: datetime
) -> UUID | None:
    """Turn the entry of a settlement round; None where it posted none of its own."""
    if standing.entry_id is None:
        return None
    postings = turned_round(postings_of(standing.entry_id))
    return _post(batch, line, postings, day, by, at, reverses=standing.entry_id)


def _post(
    batch: Batch, line: BankLine, postings: tuple[Posting, ...], day: date, by: Actor, at: datetime,
    reverses: UUID | None,
) -> UUID:  # fmt: skip
    home = line.company.currency
    return post_entry(
        batch=batch, company_id=line.company_id, branch_id=None, date=day, source_kind="bank_line", source_id=line.pk,
        number=line.bank_account.bank[:40], currency=home, postings=postings, customer_id=None, by=by.id, at=at,
        reverses=reverses, document_currency="" if line.currency == home else line.currency,
    )  # fmt: skip
