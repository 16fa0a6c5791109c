"""Two people have the same form open: nobody's work is lost without a word, whatever the form."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from niaga.catalog.models import TaxCategory, Unit
from niaga.catalog.services.save_category import save_category
from niaga.organization.models import Role
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.parties.models import CustomerGroup, PaymentTerm
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.pricing.services.create_price_list import create_price_list
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import Warehouse
from tests.makers import NOW, log_in, make_customer, make_order, make_product, make_quotation, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine: Any) -> Any:
    time_machine.move_to(NOW, tick=False)
    return make_world()


class Fields(HTMLParser):
    """The fields of the page's form that says what it has seen, as a browser would send them back untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.forms: list[dict[str, list[str]]] = []
        self.open: str | None = None
        self.first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "form":
            self.values = {}
            self.forms.append(self.values)
        elif tag == "input" and name and "disabled" not in facts:
            if facts.get("type") != "checkbox" or "checked" in facts:
                self.values.setdefault(name, []).append(facts.get("value") or ("on" if "checked" in facts else ""))
        elif tag in ("select", "textarea") and name and "disabled" not in facts:
            self.open, self.first = name, True
            if tag == "textarea":
                self.values.setdefault(name, []).append("")
        elif tag == "option" and self.open and (self.first or "selected" in facts):
            given = self.values.setdefault(self.open, [])
            if not self.first:
                given.pop()
            given.append(facts.get("value") or "")
            self.first = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.open:  # a browser leaves out a first line end
            self.values[self.open][-1] = self.values[self.open][-1].removeprefix("\n")
        if tag in ("select", "textarea"):
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open and self.lasttag == "textarea":
            self.values[self.open][-1] += data


def fields(page: str) -> dict[str, list[str]]:
    parser = Fields()
    parser.feed(page)
    return next(form for form in parser.forms if "seen" in form)


Form = tuple[str, str, str]
"""A form of what is there already: its address, a field, and another value for it."""


def _of_the_company(world: Any) -> dict[str, Form]:
    company = world.company
    role = Role.objects.filter(company=company, code="cashier").first()
    unit, tax = Unit.objects.filter(company=company).first(), TaxCategory.objects.filter(company=company).first()
    term, group = PaymentTerm.objects.filter(company=company).first(), CustomerGroup.objects.filter(company=company)
    return {
        "company": ("/settings/company", "phone", "031 555 0101"),
        "account map": ("/books/accounts", "bank_name", "BCA"),
        "fiscal": ("/settings/fiscal", "quotation_valid_days", "30"),
        "currencies": ("/settings/currencies/choice", "rate_days", "9"),
        "branch": (f"/settings/branches/{world.branch.id}", "city", "Malang"),
        "role": (f"/settings/roles/{role.id}", "quotation.view", "all"),
        "unit": (f"/settings/units/{unit.id}", "name", "buah"),
        "tax": (f"/settings/tax-categories/{tax.id}", "name", "Umum"),
        "term": (f"/settings/payment-terms/{term.id}", "name", "Tempo"),
        "group": (f"/settings/customer-groups/{group.first().id}", "name", "X"),
        "warehouse": (f"/settings/warehouses/{Warehouse.objects.get().id}", "name", "Gudang Baru"),
    }


def _bank_account(world: Any) -> Form:
    facts = {"bank": "BCA", "number": "7310252527", "holder": "PT Uji"}
    account = keep_bank_account(company_id=world.company.id, **facts, by=world.owner, at=NOW)
    return f"/settings/bank-accounts/{account}", "holder", "PT Lain"


def _team(world: Any) -> Form:
    team = keep_team(company_id=world.company.id, name="Timur", by=world.owner, at=NOW)
    return f"/settings/teams/{team}", "name", "Barat"


def _channel(world: Any) -> Form:
    channel = keep_channel(company_id=world.company.id, code="KIOS", name="Kios", by=world.owner, at=NOW)
    return f"/settings/channels/{channel}", "name", "Toko daring"


def _price_list(world: Any) -> Form:
    prices = create_price_list(company_id=world.company.id, code="GROSIR", name="Grosir", by=world.owner, at=NOW)
    return f"/price-lists/{prices.id}/edit", "name", "Grosir baru"


def _category(world: Any) -> Form:
    category = save_category(company_id=world.company.id, name="Kopi", by=world.owner, at=NOW)
    return f"/products/categories/{category.pk}", "name", "Teh"


def _contact(world: Any) -> Form:
    customer = make_customer(world)
    contact = save_contact(customer_id=customer.id, name="Ibu Sari", by=world.owner, at=NOW)
    return f"/customers/{customer.id}/contacts/{contact.id}", "role", "Pembelian"


def _address(world: Any) -> Form:
    customer = make_customer(world)
    place = save_address(customer_id=customer.id, street="Jl. Darmo 1", city="Surabaya", by=world.owner, at=NOW)
    return f"/customers/{customer.id}/addresses/{place.id}", "street", "Jl. Baru 2"


def _lines(world: Any) -> list[LineInput]:
    return [LineInput(product_id=make_product(world, stock=9).id)]


FORMS: dict[str, Callable[[Any], Form] | None] = {
    "company": None, "account map": None, "fiscal": None, "currencies": None, "branch": None, "role": None,
    "unit": None, "tax": None, "term": None, "group": None, "warehouse": None,
    "bank account": _bank_account,
    "team": _team,
    "channel": _channel,
    "price list": _price_list,
    "category": _category,
    "contact": _contact,
    "address": _address,
    "user": lambda world: (
        f"/settings/users/{make_user(world.company, 'salesperson').id}", "phone", "0812 5550 1001"
    ),
    "customer": lambda world: (f"/customers/{make_customer(world).id}/edit", "name", "Toko Baru"),
    "credit": lambda world: (f"/customers/{make_customer(world).id}/credit", "limit", "5.000.000"),
    "product": lambda world: (f"/products/{make_product(world).id}/edit", "brand", "Kapal"),
    "quotation": lambda world: (
        f"/quotations/{make_quotation(world, _lines(world)).id}/edit", "note", "Antar pagi"
    ),
    "order": lambda world: (f"/orders/{make_order(world, _lines(world)).id}/edit", "note", "Antar sore"),
}  # fmt: skip
"""What makes the thing that a form is of; None where a new company has it."""


@pytest.mark.parametrize("which", FORMS)
def test_a_form_that_was_overtaken_tells_and_keeps_and_is_saved_by_saying_so_again(world: Any, which: str) -> None:
    make = FORMS[which]
    address, field, other = make(world) if make else _of_the_company(world)[which]
    first, second = log_in(world.owner), log_in(make_user(world.company, "owner", name="Budi Santoso"))
    mine = fields(first.get(address).content.decode())
    theirs = fields(second.get(address).content.decode())

    assert second.post(address, {**theirs, field: other}).status_code == 303
    untouched = first.post(address, mine)  # opened before Budi saved

    page = untouched.content.decode()
    assert untouched.status_code == 422, page
    assert "Budi Santoso mengubah ini pada" in page
    again = fields(page)
    assert again[field] == [other]  # what was not touched shows the newer value
    assert first.post(address, again).status_code == 303
