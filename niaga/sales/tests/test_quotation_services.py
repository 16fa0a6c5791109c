"""What happens to an offer."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion, WrongState
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.services.tracked import AlreadyTaken
from niaga.parties.services.update_customer import update_customer
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.errors import BadLines, EmptyDocument, NoCustomerAddress, QuotationExpired
from niaga.sales.models import Quotation, QuotationAnswer, QuotationLine, QuotationTemplate, QuotationVersion
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.archive_template import archive_template
from niaga.sales.services.cancel_quotation import cancel_quotation
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.draft_from_template import draft_from_template
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.duplicate_quotation import duplicate_quotation
from niaga.sales.services.expire_quotations import expire_quotations
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.save_template import save_template
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.update_quotation import update_quotation
from tests.makers import NOW, make_customer, make_product, make_quotation, make_user, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def a_quotation(world=None, **details):
    world = world or make_world()
    product = make_product(world)
    return world, product, make_quotation(world, [LineInput(product_id=product.id, quantity=Decimal(2))], **details)


def unchanged(document):
    """Whether the row is as it was read."""
    fresh = type(document).objects.get(pk=document.pk)
    return {f.attname: getattr(fresh, f.attname) for f in fresh._meta.concrete_fields} == {
        f.attname: getattr(document, f.attname) for f in document._meta.concrete_fields
    }


def test_a_draft_is_written_anew_and_lines_that_stay_keep_their_id():
    world, product, quotation = a_quotation()
    line = QuotationLine.objects.get(quotation=quotation)

    updated = update_quotation(
        quotation_id=quotation.id, version=1, by=world.owner, at=LATER, details=QuotationDetails(note="Antar pagi"),
        lines=[
            LineInput(id=line.id, product_id=product.id, quantity=Decimal(3)),
            LineInput(kind="note", description="Harga netto"),
        ],
    )  # fmt: skip

    assert (updated.version, updated.note, updated.net) == (2, "Antar pagi", Decimal(300_000))
    lines = list(QuotationLine.objects.filter(quotation=quotation).order_by("position"))
    assert [(one.kind, one.quantity) for one in lines] == [("item", Decimal(3)), ("note", Decimal(0))]
    assert lines[0].id == line.id


def test_a_stale_version_is_refused_and_nothing_changed():
    world, product, quotation = a_quotation()
    before = Quotation.objects.get(pk=quotation.id)

    with pytest.raises(StaleVersion):
        update_quotation(
            quotation_id=quotation.id, version=7, by=world.owner, at=LATER, details=QuotationDetails(),
            lines=[LineInput(product_id=product.id)],
        )  # fmt: skip

    assert unchanged(before)


def test_a_foreign_line_id_becomes_a_new_line():
    world, product, quotation = a_quotation()
    _, _, other = a_quotation(world)
    foreign = QuotationLine.objects.get(quotation=other)

    update_quotation(
        quotation_id=quotation.id, version=1, by=world.owner, at=LATER, details=QuotationDetails(),
        lines=[LineInput(id=foreign.id, product_id=product.id), LineInput(id=foreign.id, product_id=product.id)],
    )  # fmt: skip

    assert QuotationLine.objects.filter(quotation=other).get().id == foreign.id
    assert QuotationLine.objects.filter(quotation=quotation).exclude(id=foreign.id).count() == 2


def test_lines_that_can_never_be_right_are_each_answered():
    world, product, quotation = a_quotation()

    with pytest.raises(BadLines) as refusal:
        update_quotation(
            quotation_id=quotation.id, version=1, by=world.owner, at=LATER, details=QuotationDetails(),
            lines=[
                LineInput(product_id=product.id, quantity=Decimal(-1)),
                LineInput(sku="NO-SUCH"),
                LineInput(product_id=product.id, unit="barrel"),
            ],
        )  # fmt: skip

    assert [(one["line"], one["code"]) for one in refusal.value.lines] == [
        (1, "quantity_not_positive"), (2, "unknown_product"), (3, "unknown_unit"),
    ]  # fmt: skip
    with pytest.raises(EmptyDocument):
        update_quotation(
            quotation_id=quotation.id, version=1, by=world.owner, at=LATER, details=QuotationDetails(), lines=[]
        )


def test_more_than_ten_thousand_lines_are_refused_with_a_clear_word():
    world, product, quotation = a_quotation()

    with pytest.raises(BadLines, match="10000"):
        update_quotation(
            quotation_id=quotation.id, version=1, by=world.owner, at=LATER, details=QuotationDetails(),
            lines=[LineInput(product_id=product.id)] * 10_001,
        )  # fmt: skip

    assert QuotationLine.objects.filter(quotation=quotation).count() == 1


def test_sending_keeps_what_the_customer_was_shown_and_revising_starts_the_next_version():
    world, product, quotation = a_quotation()

    send_quotation(quotation_id=quotation.id, to=["sari@example.com"], message="Silakan", by=world.owner, at=LATER)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)  # once more: the same version
    revised = revise_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)
    update_quotation(
        quotation_id=quotation.id, version=revised.version, by=world.owner, at=LATER, details=QuotationDetails(),
        lines=[LineInput(product_id=product.id, quantity=Decimal(9))],
    )  # fmt: skip
    send_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)

    versions = list(QuotationVersion.objects.filter(quotation=quotation).order_by("offer_version"))
    assert [version.offer_version for version in versions] == [1, 2]
    assert [Decimal(str(version.content["lines"][0]["quantity"])) for version in versions] == [2, 9]
    assert "unit_cost" not in versions[0].content["lines"][0]
    event = OutboxEvent.objects.filter(kind="QuotationSent").order_by("id").first()
    assert (event.payload["to"], event.payload["message"]) == (["sari@example.com"], "Silakan")


def test_an_address_that_is_none_is_refused_and_the_quotation_stays_a_draft():
    world, _product, quotation = a_quotation()

    with pytest.raises(NoCustomerAddress) as refusal:
        send_quotation(quotation_id=quotation.id, to=["sari at example"], by=world.owner, at=LATER)

    assert refusal.value.field == "to"
    assert Quotation.objects.get(pk=quotation.id).status == "draft"


def test_an_offer_that_is_over_cannot_be_sent():
    world, _product, quotation = a_quotation(valid_until=date(2026, 11, 24))

    with pytest.raises(QuotationExpired):
        send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW + timedelta(days=2))


def test_a_decline_is_kept_with_its_reason_until_the_next_version():
    world, _product, quotation = a_quotation()
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    decline_quotation(quotation_id=quotation.id, reason="Terlalu mahal", name="Ibu Sari", by=world.owner, at=LATER)

    answer = QuotationAnswer.objects.get(quotation=quotation)
    assert (answer.accepted, answer.reason, answer.name) == (False, "Terlalu mahal", "Ibu Sari")
    with pytest.raises(WrongState):
        accept_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)
    revise_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)
    accept_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)
    assert QuotationAnswer.objects.get(quotation=quotation).accepted
    assert AuditEntry.objects.get(subject_id=quotation.id, verb="decline").note == "Terlalu mahal"


def test_offers_end_by_the_day_of_their_branch():
    world, _product, quotation = a_quotation(valid_until=date(2026, 11, 23))
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    last_minute = NOW.replace(hour=16, minute=59)  # 23.59 in Jakarta

    assert expire_quotations(at=last_minute) == 0
    assert expire_quotations(at=last_minute + timedelta(minutes=1)) == 1
    assert expire_quotations(at=last_minute + timedelta(minutes=1)) == 0

    assert Quotation.objects.get(pk=quotation.id).status == "expired"
    with pytest.raises(QuotationExpired):
        accept_quotation(quotation_id=quotation.id, by=world.owner, at=last_minute + timedelta(minutes=2))


def test_expiry_takes_the_same_number_of_statements_for_one_and_for_many(django_assert_num_queries):
    world = make_world()
    product = make_product(world)
    for _ in range(12):
        quotation = make_quotation(world, [LineInput(product_id=product.id)], valid_until=date(2026, 11, 23))
        send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    with django_assert_num_queries(4):  # savepoint, rows, one write, savepoint
        assert expire_quotations(at=NOW + timedelta(days=1)) == 12


def test_a_cancelled_offer_cannot_be_accepted():
    world, _product, quotation = a_quotation()
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    cancel_quotation(quotation_id=quotation.id, reason="Salah pelanggan", by=world.owner, at=LATER)

    with pytest.raises(WrongState):
        accept_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)


def test_a_duplicate_takes_todays_prices_and_keeps_those_set_by_hand():
    world = make_world()
    coffee, sugar = make_product(world), make_product(world)
    quotation = make_quotation(
        world,
        [
            LineInput(kind="section", description="Bahan"),
            LineInput(product_id=coffee.id, quantity=Decimal(5)),
            LineInput(product_id=sugar.id, unit_price=Decimal(90_000)),
        ],
        discount_percent=Decimal(10),
    )
    type(coffee).objects.filter(pk=coffee.pk).update(price=Decimal(120_000))

    copy = duplicate_quotation(quotation_id=quotation.id, by=world.owner, at=LATER)

    lines = list(QuotationLine.objects.filter(quotation=copy).order_by("position"))
    assert [(line.kind, line.unit_price) for line in lines] == [
        ("section", 0), ("item", Decimal(120_000)), ("item", Decimal(90_000)),
    ]  # fmt: skip
    assert (copy.status, copy.discount_percent, copy.number) == ("draft", 10, "SQ-2026-00002")


def test_a_template_keeps_sections_and_texts_and_is_priced_afresh():
    world, _product, quotation = a_quotation(note="Franko gudang", terms_text="Bayar 30 hari")

    template_id = save_template(quotation_id=quotation.id, name=" Grosir ", by=world.owner, at=LATER)
    assert save_template(quotation_id=quotation.id, name="Grosir", by=world.owner, at=LATER) == template_id
    drafted = draft_from_template(
        template_id=template_id, customer_id=make_customer(world).id, branch_id=world.branch.id, by=world.owner,
        at=LATER,
    )  # fmt: skip

    assert QuotationTemplate.objects.count() == 1
    assert (drafted.note, drafted.terms_text, drafted.net) == ("Franko gudang", "Bayar 30 hari", Decimal(200_000))
    with pytest.raises(Invalid):
        save_template(quotation_id=quotation.id, name="  ", by=world.owner, at=LATER)


def test_a_template_comes_back_unless_another_has_its_name():
    world, _product, quotation = a_quotation()
    old = save_template(quotation_id=quotation.id, name="Grosir", by=world.owner, at=LATER)
    archive_template(template_id=old, by=world.owner, at=LATER)
    archive_template(template_id=old, by=world.owner, at=LATER)
    archivings = AuditEntry.objects.filter(subject_id=old, verb="archive").count()
    new = save_template(quotation_id=quotation.id, name="Grosir", by=world.owner, at=LATER)

    with pytest.raises(AlreadyTaken):
        archive_template(template_id=old, restore=True, by=world.owner, at=LATER)
    archive_template(template_id=new, by=world.owner, at=LATER)
    back = archive_template(template_id=old, restore=True, by=world.owner, at=LATER)

    assert (archivings, back.archived_at) == (1, None)
    assert list(QuotationTemplate.objects.filter(archived_at=None).values_list("id", flat=True)) == [old]


def test_a_salesperson_cannot_touch_a_colleagues_offer():
    world, product, quotation = a_quotation()
    stranger = make_user(world.company, "salesperson")

    for deed in (
        lambda: send_quotation(quotation_id=quotation.id, by=stranger, at=LATER),
        lambda: revise_quotation(quotation_id=quotation.id, by=stranger, at=LATER),
        lambda: cancel_quotation(quotation_id=quotation.id, by=stranger, at=LATER),
        lambda: duplicate_quotation(quotation_id=quotation.id, by=stranger, at=LATER),
        lambda: save_template(quotation_id=quotation.id, name="X", by=stranger, at=LATER),
        lambda: update_quotation(
            quotation_id=quotation.id, version=1, by=stranger, at=LATER, details=QuotationDetails(),
            lines=[LineInput(product_id=product.id)],
        ),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            deed()
    assert Quotation.objects.get(pk=quotation.id).status == "draft"


def test_a_quotation_is_not_given_to_a_customer_that_does_not_exist():
    world, product, quotation = a_quotation()

    with pytest.raises(NotFound):
        update_quotation(
            quotation_id=quotation.id, version=1, customer_id=uuid4(), by=world.owner, at=LATER,
            details=QuotationDetails(), lines=[LineInput(product_id=product.id)],
        )  # fmt: skip


def test_a_quotation_takes_the_list_of_its_channel_and_of_its_customers_territory():
    world = make_world()
    product = make_product(world, price=Decimal(98000))
    shared = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    shop = keep_channel(name="Toko online", code="ON2", **shared)
    area = keep_territory(name="Madura", **shared)
    customer = make_customer(world)
    update_customer(customer_id=customer.id, territory_id=area, by=world.owner, at=NOW)
    for code, price, whom in (("ON", 90000, {"channel_id": shop}), ("MDR", 95000, {"territory_id": area})):
        made = create_price_list(code=code, name=code, **shared, **whom)
        set_prices(price_list_id=made.id, prices=[NewPrice(Decimal(price), product.id)], by=world.owner, at=NOW)

    def prices(**details):
        drafted = draft_quotation(
            customer_id=details.pop("customer_id", customer.id), branch_id=world.branch.id,
            lines=[LineInput(product_id=product.id, quantity=Decimal(1))], details=QuotationDetails(**details),
            by=world.owner, at=NOW,
        )  # fmt: skip
        return QuotationLine.objects.get(quotation=drafted).unit_price

    other = make_customer(world)
    assert prices() == prices(channel_id=shop) == Decimal(95000)  # the territory goes before the channel
    assert prices(customer_id=other.id) == Decimal(98000)
    assert prices(customer_id=other.id, channel_id=shop) == Decimal(90000)
