import re
from typing import Any
from uuid import UUID

from niaga.imports.queries.keys import Keys, load_keys
from niaga.imports.services.customer_changes import PLACE, customer_change, shown_fact
from niaga.imports.services.note_changes import note_changes
from niaga.imports.services.staged import Cells, Run, staged_rows
from niaga.imports.services.write_some import write_some
from niaga.parties.queries.customers import customers_by_code
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.create_customers import create_customers
from niaga.parties.services.update_customers import update_customers


def move_in_customers(run: Run) -> dict[str, Any]:
    """Create the customers of the staged rows, by the rules of live entry, or bring those that are there up to date."""
    keys = load_keys(run.company_id)
    found: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    counts = {"created": 0, "changed": 0, "same": 0} if run.update else {"created": 0}
    for block in staged_rows(run, found):
        for one in block:
            one.once("code", seen)
        known: dict[str, UUID] = {}
        if run.update:
            known = customers_by_code(run.company_id, [one.given("code") for one in block])
        new = [one for one in block if one.given("code") not in known]
        written, _ids = write_some(
            run, new, [_customer(one, keys, run) for one in new], found, lambda some: create_customers(
                company_id=run.company_id, rows=some, by=run.by, at=run.at, import_batch_id=run.batch_id
            ),
            _column,
        )  # fmt: skip
        counts["created"] += len(written)
        if known:
            _bring_up_to_date(run, [one for one in block if one.given("code") in known], known, keys, found, counts)
    return counts


def _bring_up_to_date(
    run: Run, cells: list[Cells], known: dict[str, UUID], keys: Keys, found: list[tuple[int, str, str, str]],
    counts: dict[str, int],
) -> None:  # fmt: skip
    changes = [customer_change(one, known[one.given("code")], keys) for one in cells]
    written, changed = write_some(
        run, cells, changes, found, lambda some: update_customers(
            company_id=run.company_id, changes=some, by=run.by, at=run.at, note=run.file_name
        ),
        _column,
    )  # fmt: skip
    codes = {known[one.given("code")]: (one.row, one.given("code")) for one in written}
    note_changes(run, changed, codes, lambda name, value: shown_fact(name, value, keys.names))
    counts["changed"] += len(changed)
    counts["same"] += len(written) - len(changed)


def _customer(cells: Cells, keys: Keys, run: Run) -> NewCustomer:
    npwp, nik = cells.text("npwp"), cells.text("nik")
    contact = NewContact(
        name=cells.text("contact_name") or cells.text("name"), phone=cells.text("contact_phone"),
        email=cells.text("contact_email"), is_main=True,
    )  # fmt: skip
    place: dict[str, Any] = {name: cells.text(name) for name in PLACE}
    place["country"] = place["country"] or run.country
    has_place = any(value for name, value in place.items() if name != "country")
    has_contact = any(cells.text(name) for name in ("contact_name", "contact_phone", "contact_email"))
    return NewCustomer(
        name=cells.text("name"),
        code=cells.text("code") or None,
        legal_name=cells.text("legal_name"),
        is_person=cells.yes("is_person"),
        email=cells.text("email"),
        phone=cells.text("phone"),
        tax_id_kind="npwp" if npwp else "nik" if nik else "",
        tax_id=npwp or nik,
        note=cells.text("note"),
        currency=cells.text("currency"),
        group_id=cells.key("group", keys.groups),
        payment_term_id=cells.key("payment_term", keys.terms),
        branch_id=cells.key("branch", keys.branches),
        salesperson_id=cells.key("salesperson", keys.people),
        credit_limit=cells.money("credit_limit"),
        contacts=(contact,) if has_contact else (),
        addresses=(NewAddress(**place),) if has_place else (),
    )


def _column(field: str) -> str:
    """The column of ours that a field of the service's answer is about."""
    if match := re.match(r"contacts\.\d+\.(\w+)", field):
        return f"contact_{match[1]}"
    if match := re.match(r"addresses\.\d+\.(\w+)", field):
        return match[1] if match[1] in PLACE else "street"
    return {"tax_id": "npwp", "tax_id_kind": "npwp", "limit": "credit_limit"}.get(field, field)
