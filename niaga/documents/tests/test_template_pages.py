"""The pages of templates: made, tried, published, compared, chosen and put away."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from niaga.documents.models import PaperTemplate, TemplateDefault, TemplateVersion
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.documents.tests.test_templates import choose, make_template, publish
from niaga.documents.web.design_form import design_data, form_values
from niaga.sales.rules.lines import LineInput
from tests.makers import World, make_customer, make_product, make_quotation, make_user, make_world

SETTINGS = "/settings/documents"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.owner)
    return client


def address(template: UUID) -> str:
    return f"{SETTINGS}/templates/{template}"


def sent(kind: str = "quotation", **design: Any) -> dict[str, Any]:
    """The form as a browser sends it: what is not ticked is not there."""
    values = form_values(PrintKind(kind), "Modern", read_design(PrintKind(kind), design)[0])
    return {name: "on" if value is True else value for name, value in values.items()}


@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_a_form_that_nobody_touched_is_the_design_it_showed(kind: PrintKind) -> None:
    whole = {
        "columns": [{"key": key, "share": 5, "id": "Kolom", "en": ""} for key in reversed(form_columns(kind))],
        "signatures": [{"id": "", "en": "", "name": ""}, {"id": "Hormat kami", "en": "", "name": "Budi"}],
        "texts": {"closing": {"id": "Terima kasih, {{customer.name}}", "en": ""}},
        "accent": "#123456", "blocks": ["signatures", "note"] if kind is not PrintKind.STATEMENT else [],
    }  # fmt: skip
    for data in ({}, whole):
        design, faults = read_design(kind, data)

        shown = form_values(kind, "Modern", design)

        assert faults == []
        assert set(read_design(kind, design_data(kind, shown))[0].blocks or ()) == set(design.blocks or ())
        assert read_design(kind, design_data(kind, shown))[0].columns == design.columns
        assert read_design(kind, design_data(kind, shown))[0].signatures == design.signatures


def form_columns(kind: PrintKind) -> tuple[str, ...]:
    return tuple(one.key for one in PaperDesign().shown_columns(kind))


def test_a_template_is_made_tried_and_published_on_its_page(world: World, client: Client) -> None:
    made = client.post(f"{SETTINGS}/templates/new/quotation", {"name": "Modern", "layout": "modern"})
    template = PaperTemplate.objects.get()
    page = client.get(address(template.pk))
    preview = client.post(f"{address(template.pk)}/preview", sent(layout="modern", accent="#7a1f3d"))

    published = client.post(address(template.pk), sent(layout="modern", accent="#7a1f3d") | {"publish": "1"})

    assert [made.status_code, page.status_code, published.status_code] == [303, 200, 303]
    assert made["Location"] == address(template.pk)
    assert "{{customer.name}}" in page.content.decode()
    assert preview.content.count(b"data:image/png;base64,") == 1
    assert TemplateVersion.objects.get().design["accent"] == "#7a1f3d"
    assert "Modern" in client.get(SETTINGS).content.decode()


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(world: World, client: Client) -> None:
    template = make_template(world)
    before = PaperTemplate.objects.get(pk=template).draft
    wrong = sent(accent="#7a1f3d") | {
        "accent": "#ffff00", "margin": "99", "column_quantity_share": "lebar",
        "text_closing_id": "{{customer.__class__}} saya",
    }  # fmt: skip

    answer = client.post(address(template), wrong)
    preview = client.post(f"{address(template)}/preview", wrong)

    assert answer.status_code == 422
    text = answer.content.decode()
    faults = answer.context["form"].errors
    assert set(faults) == {"accent", "margin", "column_quantity_share", "text_closing_id"}
    assert "{{customer.__class__}} saya" in text
    assert PaperTemplate.objects.get(pk=template).draft == before
    assert preview.content.count(b"data:image/png;base64,") == 1
    assert preview.content.count(b"<li><b>") == 4


def test_a_preview_shows_a_real_document_only_to_who_may_see_it(world: World, client: Client) -> None:
    template, other = make_template(world), make_world()
    customer = make_customer(world, name="Toko Percobaan")
    line = LineInput(product_id=make_product(world, stock=5).id)
    mine = make_quotation(world, [line], customer=customer)
    theirs = make_quotation(other, [LineInput(product_id=make_product(other, stock=5).id)])

    found = client.get(f"{SETTINGS}/trial/quotation?q=percobaan").json()
    shown = client.post(f"{address(template)}/preview", sent() | {"trial": str(mine.id)})
    refused = client.post(f"{address(template)}/preview", sent() | {"trial": str(theirs.id)})

    assert found == [{"id": str(mine.id), "label": mine.number, "detail": "Toko Percobaan"}]
    assert b"data:image/png" in shown.content
    assert b"data:image/png" not in refused.content


def test_versions_tell_what_differs_and_an_earlier_one_is_published_again(world: World, client: Client) -> None:
    template = make_template(world, accent="#123456")
    publish(world, template)
    client.post(address(template), sent(accent="#654321") | {"publish": "1"})

    compared = client.get(f"{address(template)}/versions").content.decode()
    back = client.post(f"{address(template)}/versions/1/restoration")

    assert "#123456" in compared
    assert "#654321" in compared
    assert back.status_code == 303
    newest = TemplateVersion.objects.order_by("-number")[0]
    assert (newest.number, newest.restores, newest.design["accent"]) == (3, 1, "#123456")


def test_whose_papers_a_template_makes_is_chosen_and_told(world: World, client: Client) -> None:
    template, customer = make_template(world), make_customer(world)
    publish(world, template)

    company = client.post(f"{SETTINGS}/defaults/company/{world.company.id}", {"quotation": str(template)})
    own = client.post(f"{SETTINGS}/defaults/customer/{customer.id}", {"quotation": str(template)})

    assert [company.status_code, own.status_code] == [303, 303]
    assert own["Location"] == f"/customers/{customer.id}"
    assert set(TemplateDefault.objects.values_list("scope", flat=True)) == {"company", "customer"}
    assert f"{SETTINGS}/defaults/customer/{customer.id}" in client.get(f"/customers/{customer.id}").content.decode()
    client.post(f"{SETTINGS}/defaults/customer/{customer.id}", {"quotation": ""})
    assert TemplateDefault.objects.get().scope == "company"


def test_a_template_put_away_makes_nobodys_papers_and_comes_back_as_nobodys(world: World, client: Client) -> None:
    template = make_template(world)
    publish(world, template)
    choose(world, template)

    client.post(f"{address(template)}/archive")
    gone = client.get(address(template)).status_code
    client.post(f"{address(template)}/return")

    assert gone == 404
    assert TemplateDefault.objects.count() == 0
    assert PaperTemplate.objects.get(pk=template).archived_at is None
    assert client.get(address(template)).status_code == 200


def test_who_may_not_manage_settings_sees_no_template_page(world: World) -> None:
    template = make_template(world)
    publish(world, template)
    client = Client()
    client.force_login(make_user(world.company, "salesperson"))

    pages = [SETTINGS, address(template), f"{address(template)}/versions", f"{SETTINGS}/trial/quotation"]
    pages.append(f"{SETTINGS}/defaults/company/{world.company.id}")

    assert [client.get(page).status_code for page in pages] == [403] * 5
    assert client.post(f"{address(template)}/preview", sent()).status_code == 403
