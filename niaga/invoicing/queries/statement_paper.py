"""A statement of account on paper: one currency and period, named by the paper's variant."""

from datetime import date
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintMovement, PrintStatement
from niaga.invoicing.queries.statement import statement_of
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts


def variant_of(since: date, until: date, currency: str) -> str:
    return f"{since.isoformat()}_{until.isoformat()}_{currency}"


def statement_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """:raises NotFound: no such customer, none that `by` may see, or no such period and currency
    :raises PartOfAccount: see `statement_of`
    """
    since, until, currency = _read(variant)
    statement = statement_of(customer_id=subject_id, since=since, until=until, by=by)
    account = next((one for one in statement.accounts if one.currency == currency), None)
    customer = customer_facts(customer_id=subject_id)
    if account is None or customer is None:
        raise NotFound(field="variant")
    sender = company_print(company_id=customer.company_id, currency=currency)
    data = PrintDocument(
        number=f"{customer.code} {since:%Y%m%d}-{until:%Y%m%d}", day=until, company=sender.company, logo=sender.logo,
        foot=sender.foot, banks=sender.banks, customer=party_on_paper(customer.frozen_party()), currency=currency,
        statement=PrintStatement(
            since=since, until=until, opening=account.opening, debits=account.debits, credits=account.credits,
            closing=account.closing, ages=account.ages,
            movements=tuple(
                PrintMovement(line.date, line.kind, line.number, line.amount, line.balance, line.due_date, line.note)
                for line in account.lines
            ),
        ),
    )  # fmt: skip
    language = language or customer.language or sender.language
    return Paper(
        PrintKind.STATEMENT, data, language, "customer", subject_id, customer.company_id, customer_id=subject_id
    )


def _read(variant: str) -> tuple[date, date, str]:
    parts = variant.split("_")
    try:
        since, until, currency = parts
        return date.fromisoformat(since), date.fromisoformat(until), currency
    except ValueError as error:
        raise NotFound(field="variant") from error
