"""From a `PrintDocument` to the words and columns on the paper, in one language. The template only places them."""

from __future__ import annotations

from decimal import Decimal

from niaga.core.rules.formatting import format_date, format_money, format_npwp, format_percent
from niaga.core.rules.terbilang import LARGEST, amount_in_words
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import LogoPlace, Tongue, main_column, template_kind
from niaga.documents.rules.print_cells import Payload, Table, arranged
from niaga.documents.rules.print_design import (
    OwnTexts,
    block_order,
    languages_in,
    languages_of,
    look_of,
    signature_boxes,
)
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintParty, Stamp
from niaga.documents.rules.print_exchange import exchange_facts, exchange_papers, exchange_table, exchange_totals
from niaga.documents.rules.print_statement import statement_ages, statement_table, statement_totals
from niaga.documents.rules.print_tables import allocation_table, goods_table, priced_table
from niaga.documents.rules.print_texts import texts_in
from niaga.documents.rules.print_totals import totals_rows
from niaga.documents.rules.printable import printable

BESIDE = 260
"""So many characters of short texts have room beside the sums."""
FOOT = 220
"""Characters of the foot; what is beyond is cut."""
USUAL = PaperDesign()
_PRICED = (
    PrintKind.QUOTATION,
    PrintKind.ORDER_CONFIRMATION,
    PrintKind.PRO_FORMA,
    PrintKind.INVOICE,
    PrintKind.DOWN_PAYMENT_INVOICE,
    PrintKind.LATE_FEE_INVOICE,
    PrintKind.GIRO_FEE_INVOICE,
    PrintKind.CREDIT_NOTE,
    PrintKind.DEBIT_NOTE,
)
_CLAIMS = (
    PrintKind.INVOICE,
    PrintKind.DOWN_PAYMENT_INVOICE,
    PrintKind.LATE_FEE_INVOICE,
    PrintKind.GIRO_FEE_INVOICE,
    PrintKind.CREDIT_NOTE,
    PrintKind.DEBIT_NOTE,
)
_LINKED = {PrintKind.QUOTATION: "open_online", PrintKind.RETURN: "scan_return"}


def print_payload(*, kind: PrintKind, document: PrintDocument, language: str, design: PaperDesign = USUAL) -> Payload:
    """Everything the template needs, as JSON-able text."""
    both = design.tongue is Tongue.BOTH
    words = texts_in(language, both=both)
    own = OwnTexts(kind, design, document, language)
    priced = kind in _PRICED and document.totals is not None
    columns, rows = _table(kind, document, words, language, design)
    blocks = _blocks(kind, document, words, own)
    beside: list[Payload] = []
    if priced and not (
        document.banks and design.shows("banks", kind)
    ):  # short texts stand beside the sums, if there is room
        while blocks and sum(len(part["text"]) for part in [*beside, blocks[0]]) <= BESIDE:
            beside.append(blocks.pop(0))
    return {
        "language": "id" if language.startswith("id") else "en",
        "kind": str(kind),
        "look": look_of(design, kind),
        "title": paper_title(kind=kind, document=document, language=language, design=design),
        "number": printable(document.number),
        "stamp": _stamp(document.stamp, texts_in(language)),
        "logo": document.logo is not None and design.logo_place is not LogoPlace.NONE,
        "company": _party(document.company, words),
        "parties": _parties(kind, document, words, design),
        "facts": _facts(kind, document, words, language),
        "notice": words["pro_forma_notice"] if kind is PrintKind.PRO_FORMA else "",
        "introduction": own.text("introduction"),
        "columns": columns,
        "rows": rows,
        "totals": _totals(kind, document, words, language),
        "hero": _hero(document, words, language) if kind is PrintKind.RECEIPT else None,
        "in_words": _in_words(kind, document, words, language, both=both) if design.shows("in_words", kind) else None,
        "instalments": _below(kind, document, words, language) if design.shows("instalments", kind) else None,
        "banks": _banks(kind, document, words) if design.shows("banks", kind) else None,
        "beside": beside,
        "blocks": blocks,
        "closing": own.text("closing"),
        "signatures": signature_boxes(document, design, words, language) if design.shows("signatures", kind) else [],
        "stamp_place": _stamp_place(document, words, language) if design.shows("stamp_place", kind) else None,
        "qris": _qris(document, words, language) if design.shows("qris", kind) else None,
        "link": _link(kind, document, words) if design.shows("link", kind) else None,
        "order": block_order(design, kind),
        "foot": (own.text("footer") or printable(document.foot))[:FOOT],
        "page_label": words["page"],
        "pictured": priced and any(line.picture is not None for line in document.lines),
    }


def _table(
    kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str, design: PaperDesign
) -> Table:
    chosen = design.shown_columns(template_kind(kind))
    keys = {one.key for one in chosen}
    if kind is PrintKind.RECEIPT:
        table = allocation_table(document, words, language)
    elif kind is PrintKind.STATEMENT:
        table = statement_table(document, words, language)
    elif kind is PrintKind.EXCHANGE:
        table = exchange_table(document, words, language)
    elif kind in _PRICED and document.totals is not None:
        table = priced_table(document, words, language, keys)
    else:
        table = goods_table(kind, document, words, language, keys)
    if kind in _PRICED and document.totals is None:  # a priced paper without sums shows its goods
        chosen = PaperDesign().shown_columns(PrintKind.DELIVERY_NOTE)
    return arranged(table, chosen, main_column(kind), languages_of(design, language))


def _totals(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> list[Payload]:
    if kind is PrintKind.STATEMENT:
        return statement_totals(document, words, language)
    if kind is PrintKind.EXCHANGE:
        return exchange_totals(document, words, language)
    return totals_rows(document, words, language) if kind in _PRICED and document.totals is not None else []


def _below(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    if kind is PrintKind.STATEMENT:
        return statement_ages(document, words, language)
    return _instalments(document, words, language)


def _stamp(stamp: Stamp | None, words: dict[str, str]) -> str:
    if stamp is None:
        return ""
    return words["paid_stamp"] if stamp is Stamp.PAID else words[stamp]


def _party(party: PrintParty, words: dict[str, str]) -> Payload:
    lines = [printable(line) for line in party.address if line.strip()]
    if party.contact:
        lines.append(f"{words['attention']} {printable(party.contact)}")
    reach = [f"{words['phone']} {party.phone}" if party.phone else "", party.email, party.website]
    if any(reach):
        lines.append(" · ".join(printable(part) for part in reach if part))
    if party.npwp:
        lines.append(f"{words['npwp']} {printable(format_npwp(party.npwp))}")
    if party.tax_number:
        lines.append(f"{words['tax_number']} {printable(party.tax_number)}")
    if party.nitku:
        lines.append(f"{words['nitku']} {printable(party.nitku)}")
    return {"name": printable(party.name), "lines": lines}


def _parties(kind: PrintKind, document: PrintDocument, words: dict[str, str], design: PaperDesign) -> list[Payload]:
    label = "received_from" if kind is PrintKind.RECEIPT else "bill_to" if kind in _CLAIMS else "to"
    if kind is PrintKind.LOAD_LIST:
        label = "vehicle"
    parties = [_party(document.customer, words) | {"label": words[label]}]
    if document.deliver_to is not None and design.shows("deliver_to", kind):
        parties.append(_party(document.deliver_to, words) | {"label": words["deliver_to"]})
    return parties


def _facts(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> list[list[str]]:
    day = format_date
    account = document.statement if kind is PrintKind.STATEMENT else None
    pairs = [
        ("date", day(document.day, language) if account is None else ""),
        ("period", f"{day(account.since, language)} –\n{day(account.until, language)}" if account else ""),
        ("currency", document.currency if account else ""),
        ("version", str(document.version) if document.version > 1 else ""),
        ("valid_until", day(document.valid_until, language) if document.valid_until else ""),
        ("due_date", day(document.due_date, language) if document.due_date else ""),
        ("payment_term", document.payment_term),
        ("requested_date", day(document.requested_date, language) if document.requested_date else ""),
        ("delivery_date", day(document.delivery_date, language) if document.delivery_date else ""),
        ("invoice_number", document.invoice_number),
        ("customer_reference", document.customer_reference),
        ("order_numbers", "\n".join(document.order_numbers)),
        ("replaces", document.replaces),
        ("delivery_number", document.delivery_number),
        ("warehouse", document.warehouse),
        ("driver", document.driver),
        ("vehicle", document.vehicle),
        ("payment_method", words.get(f"method_{document.payment_method}", document.payment_method)),
        ("payment_reference", document.payment_reference),
        ("salesperson", document.salesperson),
    ]
    facts = [[words[key], printable(value)] for key, value in pairs if value]
    further = [*exchange_facts(document, words), *document.facts]
    return facts + [[printable(label), printable(value)] for label, value in further if value]


def _hero(document: PrintDocument, words: dict[str, str], language: str) -> Payload:
    received = document.received or Decimal(0)
    return {"label": words["amount_received"], "value": format_money(received, document.currency, language)}


def _in_words(
    kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str, *, both: bool
) -> Payload | None:
    amount = document.received if kind is PrintKind.RECEIPT else document.totals.total if document.totals else None
    if amount is None or kind not in (*_PRICED, PrintKind.RECEIPT) or abs(amount) >= LARGEST:
        return None
    texts = [amount_in_words(amount, document.currency, one) for one in languages_in(language, both=both)]
    return {"label": words["in_words"], "text": "\n".join(texts)}


def _instalments(document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    if len(document.instalments) < 2:
        return None
    rows = [
        [
            words["instalment"].format(n=n),
            format_date(part.due_date, language) if part.due_date else words["after_exchange"],
            format_money(part.amount, document.currency, language),
        ]
        for n, part in enumerate(document.instalments, start=1)
    ]
    return {"label": words["instalments"], "rows": rows}


def _banks(kind: PrintKind, document: PrintDocument, words: dict[str, str]) -> Payload | None:
    if not document.banks or kind in (PrintKind.CREDIT_NOTE, PrintKind.RECEIPT):
        return None
    rows = [
        {
            "bank": printable(each.bank),
            "number": printable(each.number),
            "holder": f"{words['holder']} {printable(each.holder)}",
        }
        for each in document.banks
    ]
    # a statement is of many documents: each has a number of its own to name
    note = "" if kind is PrintKind.STATEMENT else words["pay_note"].format(number=printable(document.number))
    return {"label": words["pay_to"], "rows": rows, "note": note}


def _blocks(kind: PrintKind, document: PrintDocument, words: dict[str, str], own: OwnTexts) -> list[Payload]:
    """Why, what tax and what was promised stay whatever a design leaves out: the reader must be told."""
    note = document.note if own.design.shows("note", kind) else ""
    terms = (document.terms_text.strip() or own.text("terms")) if own.design.shows("terms", kind) else ""
    texts = [
        (words["papers"], exchange_papers(document, words)),
        (words["early"], _early(document, words, own.language)),
        (words["reason"], document.reason),
        (words["tax_remarks"], " ".join(document.tax_remarks)),
        (words["for_payment_of"] if kind is PrintKind.RECEIPT else words["note"], note),
        (words["terms"], terms),
    ]
    return [{"label": label, "text": printable(text.strip())} for label, text in texts if text.strip()]


def _early(document: PrintDocument, words: dict[str, str], language: str) -> str:
    if document.early is None:
        return ""
    return words["early_text"].format(
        pay=format_money(document.early.pay, document.currency, language),
        day=format_date(document.early.until, language), percent=format_percent(document.early.percent, language),
    )  # fmt: skip


def _qris(document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    if document.qris is None:
        return None
    code = document.qris
    amount = format_money(code.amount.amount, code.amount.currency, language)
    return {
        "label": words["pay_by_qris"], "text": code.text, "merchant": printable(code.merchant), "amount": amount,
        "note": words["qris_note"].format(amount=amount, day=format_date(code.day, language)),
    }  # fmt: skip


def _link(kind: PrintKind, document: PrintDocument, words: dict[str, str]) -> Payload | None:
    url = document.public_url
    if not url.startswith(("https://", "http://")):
        return None
    return {
        "label": words[_LINKED.get(kind, "see_online")],
        "url": url,
        "shown": printable(url),
    }


def _stamp_place(document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    if document.stamp_duty is None:
        return None
    money = document.stamp_duty
    duty = words["stamp_duty"].format(duty=format_money(money.amount, money.currency, language))
    return {"label": duty, "text": printable(document.stamp_serial) or words["stamp_place"]}


def paper_title(*, kind: PrintKind, document: PrintDocument, language: str, design: PaperDesign = USUAL) -> str:
    """The document's own title, else the design's, else the kind's."""
    words = texts_in(language, both=design.tongue is Tongue.BOTH)
    own = OwnTexts(kind, design, document, language).text("title") if template_kind(kind) is kind else ""
    return printable(document.title) or own or words[kind]


def document_title(*, kind: PrintKind, document: PrintDocument, language: str, design: PaperDesign = USUAL) -> str:
    """For the PDF's own title: `Faktur INV-2026-00001 · PT Sumber Makmur`."""
    title = paper_title(kind=kind, document=document, language=language, design=design)
    return f"{title} {document.number} · {document.company.name}"
