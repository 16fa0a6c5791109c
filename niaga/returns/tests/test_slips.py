"""The slip that goes along with what comes back, on paper and by mail."""

from datetime import timedelta
from decimal import Decimal

import pytest

from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.services.print_paper import print_paper
from niaga.messaging.models import Email
from niaga.portal.tests.visits import invited
from niaga.returns.models import Return, ReturnSettings
from niaga.returns.queries.paper import return_paper
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.services.send_return_slip import mail_return_slip, send_return_slip
from niaga.returns.tests.shop import make_return, make_sold_order, reason
from niaga.sales.rules.lines import LineInput
from tests.api import Api
from tests.makers import NOW, World, make_customer, make_product, make_user, make_world, signed_in

pytestmark = pytest.mark.django_db


def asked(world: World, **customer: str) -> Return:
    lines = [LineInput(sku=make_product(world, name="Kopi <b>tubruk</b>", stock=5).sku, quantity=Decimal(3))]
    order = make_sold_order(world, lines, customer=make_customer(world, **customer))
    return make_return(world, order, 2, asked_by="Ibu Sari")


def test_the_slip_says_what_comes_back_and_its_code_opens_the_receiving() -> None:
    world = make_world()
    rma = asked(world)

    with pytest.raises(NotFound):
        return_paper(subject_id=rma.id, by=world.owner, language="", variant="")
    rma = authorize_return(return_id=rma.id, by=world.owner, at=NOW)
    paper = return_paper(subject_id=rma.id, by=world.owner, language="en", variant="")
    told = print_payload(kind=paper.kind, document=paper.data, language="en")
    (row,) = told["rows"]

    assert (told["title"], told["number"]) == ("Return Slip", "RMA-2026-00001")
    assert [one["key"] for one in told["columns"]] == [
        "number", "item", "quantity", "return_reason", "return_condition", "came",
    ]  # fmt: skip
    assert [one["text"] for one in row["cells"]] == ["1", "Kopi <b>tubruk</b>", "2\u00a0pcs", "Damaged", "Unopened", ""]
    assert told["link"]["label"] == "Scan to receive the goods:"
    assert told["link"]["url"].endswith(f"/returns/{rma.id}/receipt")
    assert ["Asked by", "Ibu Sari"] in told["facts"]
    assert print_paper(kind="return", subject_id=rma.id, by=world.owner, at=NOW).content.startswith(b"%PDF")


def test_why_there_is_no_document_is_not_told_to_the_customer() -> None:
    world = make_world()
    customer = make_customer(world, email="toko@example.com")
    cup, item = make_product(world, stock=1), {"reason_id": reason(world).id, "quantity": Decimal(1)}
    rma = request_undocumented(
        customer_id=customer.pk, branch_id=world.branch.id, why="Mungkin dibeli di tempat lain", by=world.owner, at=NOW,
        items=[UndocumentedItem(cup.id, price=Decimal(1000), **item)],
    )  # fmt: skip
    authorize_return(return_id=rma.id, note="Pelanggan lama", by=make_user(world.company, "administrator"), at=NOW)

    page = invited(world, customer).get(f"/portal/returns/{rma.id}").content.decode()

    assert return_paper(subject_id=rma.id, by=world.owner, language="", variant="").data.note == ""
    assert ("RMA-2026-00001" in page, "tempat lain" in page) == (True, False)


def test_it_is_mailed_once_when_the_return_is_authorized() -> None:
    world = make_world()
    rma = asked(world, email="toko@example.com")
    assert mail_return_slip(return_id=rma.id, at=NOW) is None
    authorize_return(return_id=rma.id, by=world.owner, at=NOW)

    first = mail_return_slip(return_id=rma.id, at=NOW)
    again = mail_return_slip(return_id=rma.id, at=NOW + timedelta(minutes=1))
    mail = Email.objects.get()

    assert (mail.id, again) == (first, None)
    assert (mail.to, mail.subject_kind, mail.subject_id) == (["toko@example.com"], "return", rma.id)
    assert [file.name for file in mail.files.all()] == ["RMA-2026-00001.pdf"]
    assert Return.objects.get().slip_sent_at == NOW


def test_it_is_not_mailed_without_an_address_or_where_the_company_does_not_want_it() -> None:
    world = make_world()
    rma, other = asked(world, email=""), asked(world, email="lain@example.com")
    for one in (rma, other):
        authorize_return(return_id=one.id, by=world.owner, at=NOW)
    ReturnSettings.objects.create(company=world.company, mails_slip=False)

    assert mail_return_slip(return_id=rma.id, at=NOW) is None
    assert mail_return_slip(return_id=other.id, at=NOW) is None
    with pytest.raises(Invalid):
        send_return_slip(return_id=rma.id, by=world.owner, at=NOW)
    assert not Email.objects.exists()

    assert signed_in(world).post(f"/returns/{other.id}/slip").status_code == 303
    sent = Api(world.owner).post(f"returns/{other.id}/slip", {"to": ["gudang@example.com"]})
    assert sent.status_code == 200
    assert sorted(one.to[0] for one in Email.objects.all()) == ["gudang@example.com", "lain@example.com"]


def test_the_customer_has_it_on_their_own_page_and_nobody_elses() -> None:
    world = make_world()
    rma, other = asked(world), asked(world)
    for one in (rma, other):
        authorize_return(return_id=one.id, by=world.owner, at=NOW)
    browser = invited(world, rma.customer)

    mine = browser.get(f"/portal/returns/{rma.id}/slip.pdf")

    assert mine.status_code == 200
    assert b"".join(mine.streaming_content if mine.streaming else [mine.content]).startswith(b"%PDF")
    assert f"/portal/returns/{rma.id}/slip.pdf" in browser.get(f"/portal/returns/{rma.id}").content.decode()
    assert browser.get(f"/portal/returns/{other.id}/slip.pdf").status_code == 404


def test_a_claim_and_a_return_that_waits_have_none() -> None:
    world = make_world()
    rma = asked(world, email="toko@example.com")

    with pytest.raises(WrongState):
        send_return_slip(return_id=rma.id, by=world.owner, at=NOW)
    assert Api(world.owner).get(f"papers/return/{rma.id}").status_code == 404
    assert not Email.objects.exists()
