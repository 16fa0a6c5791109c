"""A row of a file as a change of a customer that is there, and a changed fact in words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.imports.queries.keys import Keys
from niaga.imports.services.staged import Cells
from niaga.parties.rules.customer import CustomerChange

PLACE = ("street", "district", "city", "province", "postcode", "country")
_PLAIN = ("name", "legal_name", "email", "phone", "note", "currency")
_REFERENCES = {"group_id": "group", "payment_term_id": "payment_term", "branch_id": "branch",
               "salesperson_id": "salesperson"}  # fmt: skip
_SILENT = ("contact", "address", "tax_id_kind")


def customer_change(cells: Cells, customer_id: UUID, keys: Keys) -> CustomerChange:
    """What the row says; an empty cell leaves what is there."""
    values: dict[str, Any] = {name: text for name in _PLAIN if (text := cells.given(name))}
    if cells.given("is_person"):
        values["is_person"] = cells.yes("is_person")
    for kind in ("nik", "npwp"):  # the NPWP wins
        if number := cells.given(kind):
            values |= {"tax_id_kind": kind, "tax_id": number}
    among = {"group": keys.groups, "payment_term": keys.terms, "branch": keys.branches, "salesperson": keys.people}
    for name, column in _REFERENCES.items():
        if (found := cells.key(column, among[column])) is not None:
            values[name] = found
    contact = {name: text for name in ("name", "phone", "email") if (text := cells.given(f"contact_{name}"))}
    return CustomerChange(
        customer_id=customer_id,
        values=values,
        credit_limit=cells.money("credit_limit"),
        contact=contact,
        address={name: text for name in PLACE if (text := cells.given(name))},
    )


def shown_fact(name: str, value: Any, names: Mapping[UUID, str]) -> tuple[str, str] | None:
    """Our column and the value in words; None for what only accompanies another fact."""
    part, _dot, field = name.partition(".")
    if name in _SILENT:
        return None
    if name in _REFERENCES:
        return _REFERENCES[name], names.get(UUID(value), "—") if value else ""
    column = {"tax_id": "npwp"}.get(name, name)
    if field:
        column = f"contact_{field}" if part == "contact" else field
    if isinstance(value, bool):
        return column, _("yes") if value else _("no")
    return column, str(value or "")
