"""Tanda terima tukar faktur: what one customer takes in on a round, named by the paper's variant (the customer)."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import (
    PrintDocument,
    PrintExchange,
    PrintExchanged,
    PrintKind,
    PrintSignature,
)
from niaga.invoicing.models import TaxSerial
from niaga.invoicing.queries.exchange_rules import exchange_rules
from niaga.invoicing.queries.exchanges import exchange_round, round_items
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts


def exchange_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """Without a variant the list of the first customer.

    :raises NotFound: no such round, or nothing of that customer on it that the person may see
    """
    found = exchange_round(round_id=subject_id, by=by)
    items = [item for item in round_items(round_id=subject_id, by=by) if item.outcome != "left"]
    wanted = variant or (str(items[0].customer_id) if items else "")
    mine = [item for item in items if str(item.customer_id) == wanted]
    if not mine:
        raise NotFound(field="variant")
    customer_id = mine[0].customer_id
    customer = customer_facts(customer_id=customer_id)
    rule = exchange_rules([customer_id]).get(customer_id)
    sender = company_print(company_id=found.company_id)
    ids = [item.invoice_id for item in mine]
    serials = dict(
        TaxSerial.objects.filter(filing__invoice_id__in=ids).order_by("id").values_list("filing__invoice_id", "serial")
    )
    rows = tuple(
        PrintExchanged(
            item.invoice.number or "", item.invoice.date or found.date, item.invoice.customer_reference,
            serials.get(item.invoice_id, ""), item.invoice.payable, item.invoice.currency,
            tuple(map(str, item.invoice.source_numbers)),
        )
        for item in mine
    )  # fmt: skip
    hours = [f"{one:%H.%M}" if one else "" for one in (rule.time_from, rule.time_until)] if rule else ["", ""]
    data = PrintDocument(
        number=f"{found.number}-{mine[0].position}", day=found.date, company=sender.company, logo=sender.logo,
        foot=sender.foot, customer=party_on_paper(mine[0].invoice.party), currency=mine[0].invoice.currency,
        exchange=PrintExchange(
            rows, tuple(rule.papers) if rule else ("invoice",), rule.place if rule else "",
            "–".join(hours) if any(hours) else "", found.collector,  # type: ignore[attr-defined]
        ),
        note=rule.note if rule else "",
        signatures=(PrintSignature("sign_sender"), PrintSignature("sign_recipient")),
    )  # fmt: skip
    language = language or (customer.language if customer else "") or sender.language
    return Paper(
        PrintKind.EXCHANGE, data, language, "exchange_round", subject_id, found.company_id, customer_id=customer_id
    )
