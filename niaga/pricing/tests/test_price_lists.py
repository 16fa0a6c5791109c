from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.tests.makers import make_company as make_selling_company
from niaga.catalog.tests.makers import make_product, make_user
from niaga.core.errors import Forbidden, NotFound, StaleVersion
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Territory
from niaga.organization.queries.document_context import document_context
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.services.tracked import AlreadyTaken
from niaga.organization.tests.makers import AT
from niaga.parties.models import CustomerGroup
from niaga.parties.queries.selling_facts import customer_facts
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties
from niaga.pricing.errors import BadPrices, DatesReversed
from niaga.pricing.models import PriceList, PriceListEntry
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.pricing.queries.price_lists import price_list_for, price_lists_for
from niaga.pricing.queries.price_preview import CannotPrice, WantedLine, price_preview
from niaga.pricing.rules import Buyer
from niaga.pricing.services.archive_price_list import archive_price_list
from niaga.pricing.services.change_price_list import change_price_list
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, PricesSet, set_prices
from niaga.pricing.tests.makers import make_price_list

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 24)


def test_a_price_list_takes_the_companys_currency_and_is_audited() -> None:
    company = make_selling_company()
    owner = make_user(company)

    made = create_price_list(company_id=company.pk, code="GROSIR", name="Grosir", by=owner, at=AT)

    assert (made.currency, made.version) == ("IDR", 1)
    assert AuditEntry.objects.get(subject_id=made.pk).verb == "create"


def test_a_code_is_taken_once_and_dates_run_forward() -> None:
    company = make_selling_company()
    make_price_list(company, code="GROSIR")

    with pytest.raises(AlreadyTaken):
        make_price_list(company, code="GROSIR")
    with pytest.raises(DatesReversed):
        make_price_list(company, valid_from=DAY, valid_to=date(2026, 11, 23))
    assert PriceList.objects.count() == 1


def test_a_salesperson_sees_prices_and_changes_none() -> None:
    company = make_selling_company()
    salesperson = make_user(company, "salesperson")
    made = make_price_list(company)

    with pytest.raises(Forbidden):
        make_price_list(company, by=salesperson)
    with pytest.raises(Forbidden):
        change_price_list(price_list_id=made.pk, by=salesperson, at=AT, name="Lain")
    with pytest.raises(NotFound):
        change_price_list(price_list_id=made.pk, by=make_user(make_selling_company()), at=AT, name="Lain")
    assert PriceList.objects.get().name == "Grosir Jatim"


def test_somebody_elses_save_is_not_overwritten() -> None:
    company = make_selling_company()
    made = make_price_list(company)
    change_price_list(price_list_id=made.pk, by=SYSTEM, at=AT, name="Baru", expected_version=1)

    with pytest.raises(StaleVersion):
        change_price_list(price_list_id=made.pk, by=SYSTEM, at=AT, name="Lain", expected_version=1)

    assert PriceList.objects.get().name == "Baru"


def test_an_archived_list_can_come_back() -> None:
    made = make_price_list(make_selling_company())

    archived = archive_price_list(price_list_id=made.pk, by=SYSTEM, at=AT)
    again = archive_price_list(price_list_id=made.pk, by=SYSTEM, at=AT)
    restored = archive_price_list(price_list_id=made.pk, by=SYSTEM, at=AT, restore=True)

    assert (archived.archived_at, again.version, restored.archived_at) == (AT, 2, None)


def test_prices_are_set_changed_and_taken_away_and_every_change_is_told() -> None:
    company = make_selling_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    made = make_price_list(company, {(coffee, 0): 95000, (coffee, 100): 92000, (sugar, 0): 740000})

    done = set_prices(
        price_list_id=made.pk,
        by=SYSTEM,
        at=AT,
        prices=[
            NewPrice(D(94000), coffee.pk),
            NewPrice(None, coffee.pk, min_quantity=D(100)),
            NewPrice(D(740000), sku=sugar.sku),
            NewPrice(D(730000), sku=sugar.sku, min_quantity=D("12.5")),
        ],
    )

    assert done == PricesSet(added=1, changed=1, removed=1, same=1)
    rows = PriceListEntry.objects.values_list("product_id", "min_quantity", "price")
    assert set(rows) == {(coffee.pk, D(0), D(94000)), (sugar.pk, D(0), D(740000)), (sugar.pk, D("12.5"), D(730000))}
    told = AuditEntry.objects.filter(verb="set_prices").latest("id").data["prices"]
    assert {"product": str(coffee.pk), "from": "0", "before": "95000", "after": "94000"} in told
    assert {"product": str(coffee.pk), "from": "100", "before": "92000", "after": None} in told


def test_replacing_leaves_only_what_is_named_and_the_same_again_changes_nothing() -> None:
    company = make_selling_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    made = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})

    for expected in (PricesSet(0, 0, 1, 1), PricesSet(0, 0, 0, 1)):
        done = set_prices(price_list_id=made.pk, by=SYSTEM, at=AT, replace=True, prices=[NewPrice(D(95000), coffee.pk)])
        assert done == expected

    assert PriceList.objects.get().version == made.version + 1


def test_bad_prices_are_answered_each_and_none_is_saved() -> None:
    company = make_selling_company()
    coffee = make_product(company.pk)
    made = make_price_list(company)
    foreign = make_product(make_selling_company().pk)

    with pytest.raises(BadPrices) as refusal:
        set_prices(
            price_list_id=made.pk,
            by=SYSTEM,
            at=AT,
            prices=[
                NewPrice(D(1), coffee.pk),
                NewPrice(D(2), coffee.pk),
                NewPrice(D(-1), sku=coffee.sku, min_quantity=D(5)),
                NewPrice(D(1), foreign.pk),
                NewPrice(D("NaN"), coffee.pk, min_quantity=D(6)),
            ],
        )

    assert [(fault["line"], fault["field"]) for fault in refusal.value.lines] == [
        (2, "min_quantity"),
        (3, "price"),
        (4, "product"),
        (5, "price"),
    ]
    assert PriceListEntry.objects.count() == 0


def test_a_thousand_prices_cost_the_statements_of_one() -> None:
    company = make_selling_company()
    coffee = make_product(company.pk)
    made = make_price_list(company)
    product_facts(company_id=company.pk, ids={coffee.pk})  # a running process knows the company's settings

    counts = []
    for rows in (1, 1000):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            set_prices(
                price_list_id=made.pk,
                by=SYSTEM,
                at=AT,
                prices=[NewPrice(D(90000 - n), coffee.pk, min_quantity=D(n + rows)) for n in range(rows)],
            )
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 6


def context_of(company_id: object):
    branch = Branch.objects.filter(company_id=company_id).first()
    assert branch is not None
    return document_context(branch_id=branch.pk, at=AT)


def test_a_preview_prices_by_the_customers_group_and_says_why() -> None:
    company = make_selling_company()
    set_up_parties(company_id=company.pk)
    group = CustomerGroup.objects.get(code="WHOLESALE", company_id=company.pk)
    coffee = make_product(company.pk, price=D(98000))
    make_price_list(company, {(coffee, 0): 95000, (coffee, 100): 92000}, group_id=group.pk)
    make_price_list(company, {(coffee, 0): 80000}, name="Oktober", valid_to=date(2026, 10, 31))
    lines = [WantedLine(D(120), coffee.pk, discount_percent=D(5))]
    context = context_of(company.pk)
    price_preview(context=context, lines=lines, on=DAY)  # the first reads the rule book

    with CaptureQueriesContext(connection) as captured:
        preview = price_preview(context=context, lines=lines, on=DAY, buyer=Buyer(group_id=group.pk))

    line = preview.priced.lines[0]
    assert (line.list_price, line.amount, line.net, line.other_tax_base, line.tax) == (
        D(92000),
        D(10488000),
        D(10488000),
        D(9614000),
        D(1153680),
    )
    assert len(captured) == 2
    with override("en"):
        words = [(step.text, step.struck, step.note) for step in explained_steps(line.explanation(), "IDR")]
    assert words[0] == ("List price 98,000", False, "")
    assert ("“Oktober”: 80,000", True, "ended 31 Oct 2026") in words
    assert ("“Grosir Jatim”, from 100 on: 92,000", False, "") in words
    assert words[-1] == ("Tax 12% of 9,614,000 is 1,153,680", False, "")


def test_a_list_may_be_for_a_customer_a_territory_a_branch_and_a_channel_and_needs_all_that_it_names() -> None:
    company = make_selling_company()
    set_up_parties(company_id=company.pk)
    province = keep_territory(company_id=company.pk, name="Jawa Timur", by=SYSTEM, at=AT)
    city = keep_territory(company_id=company.pk, name="Surabaya", parent_id=province, by=SYSTEM, at=AT)
    shop = keep_channel(company_id=company.pk, name="Toko online", code="ON", by=SYSTEM, at=AT)
    branch = Branch.objects.get(company=company)
    customer = create_customer(company_id=company.pk, name="Toko Makmur", territory_id=city, by=SYSTEM, at=AT)
    coffee = make_product(company.pk, price=D(98000))
    facts = customer_facts(customer_id=customer.pk)
    assert facts is not None

    def price(**more: object) -> D:
        buyer = Buyer(customer.pk, facts.group_id, facts.territory_ids, branch.pk, **more)
        lines = [WantedLine(D(1), coffee.pk)]
        preview = price_preview(context=context_of(company.pk), lines=lines, on=DAY, buyer=buyer)
        return preview.priced.lines[0].unit_price

    assert facts.territory_ids == (city, province)
    found = [price()]
    for amount, whom in [
        (90000, {"branch_id": branch.pk}), (91000, {"territory_id": province}), (92000, {"territory_id": city}),
        (93000, {"customer_id": customer.pk, "channel_id": shop}),
    ]:  # fmt: skip
        make_price_list(company, {(coffee, 0): amount}, **whom)
        found.append(price())

    assert found == [D(98000), D(90000), D(91000), D(92000), D(92000)]
    assert price(channel_id=shop) == D(93000)


def test_a_list_names_only_what_the_company_has() -> None:
    company, other = make_selling_company(), make_selling_company()
    foreign = {
        "customer_id": create_customer(company_id=other.pk, name="Toko Lain", by=SYSTEM, at=AT).pk,
        "territory_id": keep_territory(company_id=other.pk, name="Bali", by=SYSTEM, at=AT),
        "channel_id": keep_channel(company_id=other.pk, name="Lain", code="LAIN", by=SYSTEM, at=AT),
        "branch_id": Branch.objects.filter(company=other)[0].pk,
    }  # fmt: skip
    made = make_price_list(company)

    for name, key in foreign.items():
        with pytest.raises(NotFound) as refusal:
            make_price_list(company, **{name: key})
        assert refusal.value.field == name
        with pytest.raises(NotFound):
            change_price_list(price_list_id=made.pk, by=SYSTEM, at=AT, **{name: key})
    assert PriceList.objects.count() == 1


def test_a_list_of_a_customer_is_hidden_from_who_may_not_see_the_customer() -> None:
    company = make_selling_company()
    seller, colleague = make_user(company, role="salesperson"), make_user(company, role="salesperson")
    customer = create_customer(company_id=company.pk, name="Toko Makmur", salesperson_id=colleague.pk, by=SYSTEM, at=AT)
    contract = make_price_list(company, customer_id=customer.pk, name="Kontrak")
    make_price_list(company, name="Umum")

    assert [one.name for one in price_lists_for(seller)] == ["Umum"]
    assert {one.name for one in price_lists_for(colleague)} == {"Umum", "Kontrak"}
    with pytest.raises(NotFound):
        price_list_for(seller, contract.pk)


def test_a_list_keeps_what_was_archived_since_but_no_other_takes_it() -> None:
    company = make_selling_company()
    area = keep_territory(company_id=company.pk, name="Madura", by=SYSTEM, at=AT)
    made = make_price_list(company, territory_id=area)
    Territory.objects.filter(pk=area).update(archived_at=AT)

    changed = change_price_list(price_list_id=made.pk, by=SYSTEM, at=AT, name="Madura lama", territory_id=area)

    assert changed.name == "Madura lama"
    with pytest.raises(NotFound):
        make_price_list(company, territory_id=area)


def test_a_foreign_currency_has_only_the_prices_of_its_lists() -> None:
    company = make_selling_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    make_price_list(company, {(coffee, 0): 6}, currency="USD")

    preview = price_preview(
        context=context_of(company.pk),
        lines=[WantedLine(D(1), coffee.pk), WantedLine(D(1), sugar.pk)],
        on=DAY,
        currency="USD",
    )

    assert [line.unit_price for line in preview.priced.lines] == [D(6), D(0)]
    assert [problem.code for problem in preview.priced.problems] == ["no_price"]


def test_a_preview_answers_each_bad_line() -> None:
    company = make_selling_company()
    coffee = make_product(company.pk)

    with pytest.raises(CannotPrice) as refusal:
        price_preview(
            context=context_of(company.pk),
            lines=[WantedLine(D(1), coffee.pk), WantedLine(D(1), sku="NONE"), WantedLine(D(1), coffee.pk, unit="ton")],
            on=DAY,
        )

    assert [(fault["line"], fault["field"]) for fault in refusal.value.lines] == [(2, "product"), (3, "unit")]
