"""Templates: drafts, versions, defaults, and the papers that follow them."""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import Error, transaction
from django.test import Client, override_settings

from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.documents.errors import InvalidDesign, NothingToPublish, NotPublished
from niaga.documents.models import IssuedPdf, PaperTemplate, PublicLink, TemplateDefault, TemplateVersion
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import Layout, LogoPlace, Sheet
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import print_paper
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.render_pdf import render_preview
from niaga.documents.services.save_template import create_template, save_template
from niaga.documents.services.set_template_default import set_template_default
from niaga.documents.tests.makers import make_print_document
from niaga.documents.tests.test_render_pdf import image, text_of
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.organization.services.create_token import create_token
from niaga.organization.services.tracked import AlreadyTaken
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.send_quotation import send_quotation
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def make_template(world: World, kind: str = "quotation", name: str = "Modern", **design: Any) -> UUID:
    return create_template(
        company_id=world.company.id, kind=kind, name=name, design=design, by=world.owner, at=NOW
    )  # fmt: skip


def publish(world: World, template_id: UUID, **more: Any) -> TemplateVersion:
    return publish_template(template_id=template_id, by=world.owner, at=NOW, **more)


def choose(world: World, template_id: UUID | None, kind: str = "quotation", **of: Any) -> None:
    scope, scope_id = next(iter(of.items())) if of else ("company", world.company.id)
    set_template_default(
        company_id=world.company.id, kind=kind, scope=scope, scope_id=scope_id, template_id=template_id,
        by=world.owner, at=NOW,
    )  # fmt: skip


def titled(title: str) -> dict[str, Any]:
    return {"texts": {"title": {"id": title}}}


def paper_of(world: World, kind: str, subject_id: UUID) -> str:
    return text_of(print_paper(kind=kind, subject_id=subject_id, by=world.owner, at=NOW, language="id").content)


def test_papers_follow_what_is_published_never_the_draft() -> None:
    world = make_world()
    quotation = make_quotation(world, [LineInput(product_id=make_product(world, stock=5).id)])
    template = make_template(world, **titled("Penawaran Harga"))
    publish(world, template)
    choose(world, template)

    first = paper_of(world, "quotation", quotation.id)
    save_template(template_id=template, design=titled("Penawaran Baru"), by=world.owner, at=NOW)
    drafted = paper_of(world, "quotation", quotation.id)
    publish(world, template)

    assert "Penawaran Harga" in first
    assert "Penawaran Harga" in drafted
    assert "Penawaran Baru" in paper_of(world, "quotation", quotation.id)


def test_the_customers_template_goes_before_the_companys() -> None:
    world = make_world()
    customer = make_customer(world)
    lines = [LineInput(product_id=make_product(world, stock=5).id)]
    theirs, others = make_quotation(world, lines, customer=customer), make_quotation(world, lines)
    wide, narrow = make_template(world, **titled("Umum")), make_template(world, name="Khusus", **titled("Khusus"))
    publish(world, wide)
    publish(world, narrow)
    choose(world, wide)
    choose(world, narrow, customer=customer.id)

    assert "Khusus" in paper_of(world, "quotation", theirs.id)
    assert "Umum" in paper_of(world, "quotation", others.id)
    choose(world, None, customer=customer.id)
    assert "Umum" in paper_of(world, "quotation", theirs.id)


def test_an_issued_invoice_keeps_its_paper_and_says_which_version_made_it() -> None:
    world = make_world()
    template = make_template(world, "invoice", **titled("Nota Penjualan"))
    version = publish(world, template)
    choose(world, template, "invoice")
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)])
    before = print_paper(kind="invoice", subject_id=invoice.id, by=world.owner, at=NOW, language="id").content

    save_template(template_id=template, design=titled("Lain"), by=world.owner, at=NOW)
    publish(world, template)
    after = print_paper(kind="invoice", subject_id=invoice.id, by=world.owner, at=NOW, language="id").content

    assert before == after
    assert "Nota Penjualan" in text_of(before)
    assert IssuedPdf.objects.get(subject_id=invoice.id, language="id").template_version_id == version.id


def test_a_roll_back_is_a_new_version_and_no_version_ever_changes() -> None:
    world = make_world()
    template = make_template(world, accent="#123456")
    first = publish(world, template)
    save_template(template_id=template, design={"accent": "#654321"}, by=world.owner, at=NOW)
    publish(world, template)

    back = publish(world, template, restores=1)

    assert (back.number, back.restores, back.design) == (3, 1, first.design)
    assert PaperTemplate.objects.get(pk=template).draft == first.design
    with pytest.raises(NothingToPublish):
        publish(world, template)
    with pytest.raises(NotFound):
        publish(world, template, restores=9)
    for deed in (lambda rows: rows.update(number=7), lambda rows: rows.delete()):
        with pytest.raises(Error), transaction.atomic():
            deed(TemplateVersion.objects.filter(pk=first.pk))


def test_what_cannot_be_is_refused_and_nothing_changes() -> None:
    world = make_world()
    template = make_template(world)
    before = PaperTemplate.objects.get(pk=template).draft

    with pytest.raises(InvalidDesign) as refused:
        save_template(
            template_id=template, design={"accent": "#ffff00", "margin": 99}, by=world.owner, at=NOW
        )  # fmt: skip
    with pytest.raises(AlreadyTaken):
        make_template(world)
    with pytest.raises(Invalid):
        make_template(world, "payslip")
    with pytest.raises(NotPublished):
        choose(world, template)

    assert [one["line"] for one in refused.value.lines] == ["margin", "accent"]
    assert PaperTemplate.objects.get(pk=template).draft == before
    assert (PaperTemplate.objects.count(), TemplateDefault.objects.count()) == (1, 0)


def test_only_who_manages_settings_changes_templates_and_only_of_their_company() -> None:
    world, other = make_world(), make_world()
    template = make_template(world)
    publish(world, template)
    seller = make_user(world.company, "salesperson")

    with pytest.raises(Forbidden):
        save_template(template_id=template, name="X", by=seller, at=NOW)
    with pytest.raises(Forbidden):
        publish_template(template_id=template, by=seller, at=NOW)
    with pytest.raises(NotFound):
        publish(other, template)
    with pytest.raises(NotFound):
        choose(other, template)
    with pytest.raises(NotFound):
        choose(world, template, branch=other.company.id)
    assert TemplateDefault.objects.count() == 0


def test_the_template_of_a_paper_is_one_statement(django_assert_num_queries: Any) -> None:
    from niaga.documents.queries.templates import version_for
    from niaga.documents.registry import papers
    from niaga.organization.access import SYSTEM

    world = make_world()
    quotation = make_quotation(world, [LineInput(product_id=make_product(world, stock=5).id)])
    source = papers.get("quotation")
    assert source is not None
    paper = source(subject_id=quotation.id, by=SYSTEM, language="id", variant="")

    with django_assert_num_queries(1):
        assert version_for(paper) is None


def test_by_the_api_a_template_is_made_changed_published_and_chosen() -> None:
    world = make_world()
    token = create_token(user_id=world.owner.pk, name="t", by=world.owner, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    as_json: dict[str, Any] = {"content_type": "application/json"}

    made = client.post("/api/v1/paper-templates", {"kind": "invoice", "name": "Modern"}, **as_json)
    path = made["Location"]
    wrong = client.patch(path, {"design": {"texts": {"closing": {"id": "{{customer.__class__}}"}}}}, **as_json)
    changed = client.patch(path, {"design": {"layout": "modern"}}, **as_json)
    published = client.post(f"{path}/publication", {}, **as_json)
    chosen = {
        "kind": "invoice",
        "scope": "company",
        "scope_id": str(world.company.id),
        "paper_template_id": made.json()["id"],
    }
    put = client.put("/api/v1/paper-template-defaults", chosen, **as_json)
    listed = client.get("/api/v1/paper-templates").json()["items"]

    assert [made.status_code, wrong.status_code, changed.status_code] == [201, 422, 200]
    assert "text_closing_id" in wrong.content.decode()
    assert (published.status_code, put.status_code) == (201, 204)
    assert [(one["version"], one["published"]["layout"]) for one in listed] == [(1, "modern")]
    assert TemplateDefault.objects.get().template_id == UUID(made.json()["id"])


def test_the_code_on_a_sent_offers_paper_opens_its_page_and_is_the_same_on_every_print() -> None:
    world = make_world()
    quotation = make_quotation(world, [LineInput(product_id=make_product(world, stock=5).id)])
    template = make_template(world, blocks=["link"])
    publish(world, template)
    choose(world, template)

    draft = paper_of(world, "quotation", quotation.id)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    first, again = (paper_of(world, "quotation", quotation.id) for _time in range(2))
    by_auditor = text_of(
        print_paper(
            kind="quotation", subject_id=quotation.id, by=make_user(world.company, "auditor"), at=NOW, language="id"
        ).content
    )  # fmt: skip

    assert ["/l/" in text for text in (draft, first, by_auditor)] == [False, True, False]
    assert first == again
    written = first.replace("\n", "").replace("\u200b", "").replace("\ufffe", "-")  # a hyphen that ends a line
    [token] = re.findall(r"/l/([\w-]{32})", written)
    assert Client().get(f"/l/{token}").status_code == 200
    assert PublicLink.objects.get(purpose="paper").token_hash != token.encode()
    with override_settings(SECRET_KEY="another"):
        other = paper_of(world, "quotation", quotation.id)
    assert token not in other.replace("\n", "").replace("\u200b", "")
    assert Client().get(f"/l/{token}").status_code == 200


@pytest.mark.parametrize("layout", list(Layout))
def test_every_layout_is_drawn_with_a_logo_and_without(layout: Layout) -> None:
    for logo in (None, image()):
        for place in LogoPlace:
            design = PaperDesign(layout=layout, logo_place=place, sheet=Sheet.CONTINUOUS_HALF)
            document = make_print_document(logo=logo)

            assert render_preview(kind=PrintKind.INVOICE, data=document, language="id", design=design).count > 0


def test_the_customers_page_takes_the_colour_of_the_template() -> None:
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)])
    link = urlsplit(share_invoice(invoice_id=invoice.id, by=world.owner, at=NOW)).path
    before = Client().get(link).content.decode()
    template = make_template(world, "invoice", accent="#7a1f3d")
    publish(world, template)
    choose(world, template, "invoice")

    after = Client().get(link).content.decode()

    assert ["#7a1f3d" in page for page in (before, after)] == [False, True]
