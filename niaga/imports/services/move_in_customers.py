import re
from typing import Any

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.imports.queries.keys import Keys, load_keys
from niaga.imports.services.staged import Cells, Run, staged_rows
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.create_customers import create_customers

_PLACE = ("street", "district", "city", "province", "postcode", "country")


def move_in_customers(run: Run) -> dict[str, Any]:
    """Create the customers of the staged rows, by the rules of live entry."""
    keys = load_keys(run.company_id)
    found: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    created = 0
    for cells in staged_rows(run, found):
        rows = [_customer(one, keys, seen, run) for one in cells]
        created += write_some(
            run, cells, rows, found, lambda some: create_customers(
                company_id=run.company_id, rows=some, by=run.by, at=run.at, import_batch_id=run.batch_id
            ),
            _column,
        )  # fmt: skip
    return {"created": created}


def _customer(cells: Cells, keys: Keys, seen: set[str], run: Run) -> NewCustomer:
    code = cells.text("code") or None
    if code:
        if code.casefold() in seen:
            cells.fault("code", "twice", code)
        seen.add(code.casefold())

    def key(column: str, among: Any) -> Any:
        word = cells.text(column)
        if not word:
            return None
        found = among.get(word.casefold())
        if found is None:
            cells.fault(column, "unknown", word)
        return found

    npwp, nik = cells.text("npwp"), cells.text("nik")
    contact = NewContact(
        name=cells.text("contact_name") or cells.text("name"), phone=cells.text("contact_phone"),
        email=cells.text("contact_email"), is_main=True,
    )  # fmt: skip
    place: dict[str, Any] = {name: cells.text(name) for name in _PLACE}
    place["country"] = place["country"] or run.country
    has_place = any(value for name, value in place.items() if name != "country")
    has_contact = any(cells.text(name) for name in ("contact_name", "contact_phone", "contact_email"))
    return NewCustomer(
        name=cells.text("name"),
        code=code,
        legal_name=cells.text("legal_name"),
        is_person=cells.yes("is_person"),
        email=cells.text("email"),
        phone=cells.text("phone"),
        tax_id_kind="npwp" if npwp else "nik" if nik else "",
        tax_id=npwp or nik,
        note=cells.text("note"),
        group_id=key("group", keys.groups),
        payment_term_id=key("payment_term", keys.terms),
        branch_id=key("branch", keys.branches),
        salesperson_id=key("salesperson", keys.people),
        credit_limit=cells.money("credit_limit"),
        contacts=(contact,) if has_contact else (),
        addresses=(NewAddress(**place),) if has_place else (),
    )


def _column(field: str) -> str:
    """The column of ours that a field of the service's answer is about."""
    if match := re.match(r"contacts\.\d+\.(\w+)", field):
        return f"contact_{match[1]}"
    if match := re.match(r"addresses\.\d+\.(\w+)", field):
        return match[1] if match[1] in _PLACE else "street"
    return {"tax_id": "npwp", "tax_id_kind": "npwp"}.get(field, field)


def write_some(
    run: Run, cells: list[Cells], rows: list[Any], found: list[tuple[int, str, str, str]], write: Any, column_of: Any
) -> int:
    """Hand sound rows to the service that creates them; what it refuses is noted beside its row and column.

    Returns how many rows were created: none of these when one of them was refused, for nothing of the file will be.
    """
    faulty = {row for row, _column, _code, _value in found}
    sound = [(cell, row) for cell, row in zip(cells, rows, strict=True) if cell.row not in faulty]
    run.find_all(found)
    found.clear()
    if not sound:
        return 0
    try:
        with transaction.atomic():
            write([row for _cell, row in sound])
    except Refusal as refusal:
        answers = refusal.lines or [{"line": 1, "field": refusal.field or "", "message": str(refusal.message)}]
        run.find_all(
            [
                (
                    sound[int(answer.get("line", 1)) - 1][0].row,
                    column_of(str(answer.get("field") or refusal.field or "")),
                    "refused",
                    str(answer.get("message") or refusal.message),
                )
                for answer in answers
            ]
        )
        return 0
    return len(sound)
