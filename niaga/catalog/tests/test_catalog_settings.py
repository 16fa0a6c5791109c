"""What a process remembers of the catalog is never stale, whoever changed it."""

import multiprocessing
import os
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from niaga.catalog.models import Category, Product, TaxCategory, TaxRate, Unit
from niaga.catalog.queries import catalog_settings as module
from niaga.catalog.queries.catalog_settings import catalog_settings
from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import AT, make_company, make_product
from niaga.organization.access import SYSTEM


def statements(company_id: UUID, product: Product) -> int:
    with CaptureQueriesContext(connection) as captured:
        product_facts(company_id=company_id, ids={product.pk})
    return len(captured)


@pytest.mark.django_db
def test_settings_are_read_once_and_anew_after_each_change() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    deed: dict[str, Any] = {"company_id": company.pk, "by": SYSTEM, "at": AT}

    assert [statements(company.pk, coffee) for _turn in range(3)] == [2, 1, 1]

    tax = TaxCategory.objects.filter(company=company).first()
    assert tax is not None
    top = save_category(name="Minuman", **deed)
    shelf = save_category(name="Kopi", parent_id=top.id, **deed)
    Product.objects.filter(pk=coffee.pk).update(category=shelf)
    assert product_facts(company_id=company.pk, ids={coffee.pk})[coffee.pk].category_ids == (shelf.id, top.id)
    for change in (
        lambda: Category.objects.filter(pk=shelf.pk).update(parent=None),
        lambda: Unit.objects.filter(company=company).update(digits=3),
        lambda: TaxCategory.objects.filter(pk=tax.pk).update(code="lain"),
        lambda: TaxRate.objects.create(category=tax, valid_from=date(2030, 1, 1), percent=Decimal(13)),
        lambda: TaxRate.objects.filter(category=tax, valid_from=date(2030, 1, 1)).update(percent=Decimal(14)),
        lambda: TaxRate.objects.filter(category=tax, valid_from=date(2030, 1, 1)).delete(),
        lambda: Unit.objects.create(company=company, code="dus", name="Dus"),
    ):
        change()
        assert [statements(company.pk, coffee) for _turn in range(2)] == [2, 1]

    known = product_facts(company_id=company.pk, ids={coffee.pk})
    assert (known[coffee.pk].category_ids, known[coffee.pk].units[0].digits) == ((shelf.id,), 3)
    assert known.settings.tax_rates[tax.pk][0] == "lain"
    Category.objects.filter(pk=shelf.pk).update(name="Kopi bubuk")  # which no line needs
    assert statements(company.pk, coffee) == 1


@pytest.mark.django_db
def test_a_change_that_was_rolled_back_is_forgotten() -> None:
    company = make_company()
    coffee = make_product(company.pk)

    with transaction.atomic():
        Unit.objects.filter(company=company).update(digits=4)
        assert product_facts(company_id=company.pk, ids={coffee.pk})[coffee.pk].units[0].digits == 4
        transaction.set_rollback(True)

    assert product_facts(company_id=company.pk, ids={coffee.pk})[coffee.pk].units[0].digits == 0


@pytest.mark.django_db
def test_a_ring_of_categories_ends_and_another_companys_settings_stay_out() -> None:
    company, other = make_company(), make_company(code="LAIN")
    one = Category.objects.create(company=company, name="A")
    two = Category.objects.create(company=company, name="B", parent=one)
    Category.objects.filter(pk=one.pk).update(parent=two)
    stranger = Category.objects.create(company=other, name="C")

    settings = catalog_settings(company.pk)

    assert settings.paths == {one.pk.int: (one.pk, two.pk), two.pk.int: (two.pk, one.pk)}
    assert stranger.pk.int in catalog_settings(other.pk).paths
    assert not set(settings.units) & set(catalog_settings(other.pk).units)


@pytest.mark.django_db
def test_a_process_remembers_so_many_companies_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COMPANIES", 2)

    for number in range(4):
        catalog_settings(make_company(code=f"PT{number}").pk)

    assert len(module._remembered) == 2


def _in_another_process(deed: Any) -> None:
    def run() -> None:
        connections.close_all()
        try:
            deed()
            os._exit(0)
        finally:
            os._exit(1)

    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(30)
    assert process.exitcode == 0


@pytest.mark.django_db(transaction=True)
def test_what_another_process_committed_is_seen_by_the_next_look() -> None:
    company = make_company()
    coffee = make_product(company.pk)

    def digits() -> int:
        return product_facts(company_id=company.pk, ids={coffee.pk})[coffee.pk].units[0].digits

    assert digits() == 0
    for wanted in (2, 3, 4):
        _in_another_process(lambda wanted=wanted: Unit.objects.filter(company=company).update(digits=wanted))

        assert digits() == wanted
