"""CAMT.053 (ISO 20022 bank-to-customer statement), of any version: elements are read by their names."""

from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from niaga.payments.rules.read_lines import (
    MOST_AMOUNT,
    MOST_LINES,
    ReadLine,
    ReadStatement,
    UnreadableStatement,
    tidy,
)


def read_camt(raw: bytes) -> ReadStatement:
    """Booked entries of the one statement in the file. No entity is expanded, nothing fetched.

    :raises UnreadableStatement: no such file, entities, several accounts, an entry that cannot be read
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw or b"<\x00!\x00D" in raw:
        raise UnreadableStatement("entities")
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableStatement("not_xml") from error
    statements = root.xpath("//*[local-name()='BkToCstmrStmt']/*[local-name()='Stmt']")
    if not isinstance(statements, list) or not statements:
        raise UnreadableStatement("not_camt")
    accounts = {_text(one, "Acct", "Id", "IBAN") or _text(one, "Acct", "Id", "Othr", "Id") for one in statements}
    if len(accounts) > 1:
        raise UnreadableStatement("accounts")
    lines: list[ReadLine] = []
    left: list[tuple[int, str]] = []
    currencies = set()
    for entry in (entry for one in statements for entry in _all(one, "Ntry")):
        number = len(lines) + len(left) + 1
        status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
        if status and status != "BOOK":
            left.append((number, tidy(f"{status} {_text(entry, 'Amt')}", 120)))
            continue
        money = _first(entry, "Amt")
        currencies.add(str(money.get("Ccy", "")) if money is not None else "")
        lines.append(_line(entry, number))
        if len(lines) > MOST_LINES:
            raise UnreadableStatement("too_many", MOST_LINES)
    if not lines:
        raise UnreadableStatement("no_lines")
    if len(currencies) > 1:
        raise UnreadableStatement("currencies")
    return ReadStatement(
        lines, currency=currencies.pop(), account=tidy(accounts.pop(), 40), left_out=left,
        opening=_balance(statements[0], "OPBD", "PRCD"), closing=_balance(statements[-1], "CLBD"),
    )  # fmt: skip


def _line(entry: etree._Element, number: int) -> ReadLine:
    amount = _amount(_text(entry, "Amt"), number)
    if _text(entry, "CdtDbtInd") == "DBIT":
        amount = -amount
    if _text(entry, "RvslInd") == "true" and _text(entry, "CdtDbtInd") not in ("DBIT", "CRDT"):
        raise UnreadableStatement("mark", number)
    day = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm") or _text(entry, "ValDt", "Dt")
    try:
        booked = date.fromisoformat(day[:10])
    except ValueError as error:
        raise UnreadableStatement("date", number, day[:20]) from error
    parts = [part for details in _all(entry, "NtryDtls") for part in _all(details, "TxDtls")]
    detail = parts[0] if len(parts) == 1 else None
    side, account = ("Cdtr", "CdtrAcct") if amount < 0 else ("Dbtr", "DbtrAcct")
    payer = number_of = ""
    told: list[str] = []
    for part in parts:
        told += [tidy(one.text) for info in _all(part, "RmtInf") for one in _all(info, "Ustrd")]
        told += [_text(part, "Refs", "EndToEndId").replace("NOTPROVIDED", "")]
    if detail is not None:
        payer = _text(detail, "RltdPties", side, "Nm") or _text(detail, "RltdPties", side, "Pty", "Nm")
        number_of = _text(detail, "RltdPties", account, "Id", "IBAN") or _text(
            detail, "RltdPties", account, "Id", "Othr", "Id"
        )
    text = tidy(" ".join([*told, _text(entry, "AddtlNtryInf"), payer]))
    return ReadLine(
        date=booked, amount=amount, text=text, payer=tidy(payer, 200), payer_account=tidy(number_of, 40), row=number,
        reference=tidy(_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"), 80),
    )  # fmt: skip


def _amount(text: str, number: int) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableStatement("amount", number, text[:40]) from error
    if not amount.is_finite() or not 0 < amount < MOST_AMOUNT or amount != amount.quantize(Decimal("0.0001")):
        raise UnreadableStatement("amount", number, text[:40])
    return amount


def _balance(statement: etree._Element, *codes: str) -> Decimal | None:
    for one in _all(statement, "Bal"):
        if _text(one, "Tp", "CdOrPrtry", "Cd") in codes:
            try:
                amount = Decimal(_text(one, "Amt"))
            except InvalidOperation:
                return None
            return -amount if _text(one, "CdtDbtInd") == "DBIT" else amount
    return None


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if etree.QName(child).localname == name]


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next(iter(_all(element, name)), None)


def _text(element: etree._Element, *path: str) -> str:
    found: etree._Element | None = element
    for name in path:
        found = _first(found, name) if found is not None else None
    return (found.text or "").strip() if found is not None else ""
