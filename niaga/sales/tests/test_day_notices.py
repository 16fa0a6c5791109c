"""Customers hear of promised days that change: once, grouped, with the last days."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.cache import cache

from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.core.models import AuditEntry
from niaga.messaging.models import Email, Notice, WhatsappMessage
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.sales.models import DayNotice, DayNoticeRule
from niaga.sales.queries.day_notices import due_notices
from niaga.sales.rules.day_notice import Changed, LineDay, changed_days, days_text, snapshot, words_fault
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.answer_day_notice import answer_day_notice
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule
from niaga.sales.services.tell_day_change import tell_day_change
from tests.api import Api
from tests.makers import NOW, make_confirmed_order, make_customer, make_product, make_user, make_world, signed_in

TODAY = NOW.date()
FRIDAY, MONDAY = TODAY + timedelta(4), TODAY + timedelta(7)
SOON = NOW + timedelta(minutes=16)


def test_days_are_told_in_one_sentence_when_all_lines_changed_alike_and_else_by_line():
    before = [LineDay(UUID(int=n), f"Kopi {n}", FRIDAY) for n in (1, 2)]
    now = [before[0]._replace(day=MONDAY), before[1]]

    changed = changed_days(snapshot(before), [*now, LineDay(UUID(int=3), "Baru", MONDAY)])

    assert changed == [Changed("Kopi 1", FRIDAY, MONDAY)]
    assert days_text(changed, all_lines=True, language="en") == "30 November 2026 (before 27 November 2026)"
    assert days_text(changed, all_lines=False, language="id").startswith("• Kopi 1: 30 November 2026 (sebelumnya")
    assert changed_days(snapshot(before), before) == []


def test_words_with_a_placeholder_that_stands_for_nothing_are_refused():
    assert words_fault({"id": {"subject": "Halo", "text": "{{days}} {{customer.password}}"}}) == (
        "unknown: customer.password"
    )
    assert words_fault({"id": {"subject": "Halo", "text": ""}}) == "half"
    assert words_fault({"fr": {"subject": "Salut", "text": "x"}}) == "language"
    assert words_fault({"en": {"subject": "{{order.number}}", "text": "{{days}}"}}) == ""


def shop(mode="always", *, count=1, **rule):
    world = make_world()
    save_day_notice_rule(
        company_id=world.company.id, customer_id=None, mode=mode, by=world.owner, at=NOW, **rule
    )  # fmt: skip
    customer = make_customer(world, email="sari@example.com", phone="+628123456789", language="en", name="Toko Sari")
    lines = [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2)) for _one in range(count)]
    order = make_confirmed_order(world, lines, customer=customer, planned_date=FRIDAY)
    return world, order


def move(world, order, day, at=NOW):
    reschedule_order(order_id=order.id, planned_date=day, reason="Toko tutup", by=world.owner, at=at)


@pytest.mark.django_db
def test_several_changes_within_a_quarter_of_an_hour_are_one_message_with_the_last_days():
    world, order = shop()
    save_whatsapp_template(
        name="ganti_hari", language="en", text="Halo {{customer.name}}, order {{order.number}}: {{days}}. Thanks",
        state="approved", by=world.owner, at=NOW,
    )  # fmt: skip
    save_day_notice_rule(
        company_id=world.company.id, customer_id=None, mode="always", whatsapp_template="ganti_hari", by=world.owner,
        at=NOW,
    )  # fmt: skip

    move(world, order, TODAY + timedelta(5))
    move(world, order, MONDAY, at=NOW + timedelta(minutes=9))
    early = tell_day_change(order_id=order.id, at=NOW + timedelta(minutes=14))
    assert due_notices(at=SOON) == [order.id]
    told = [tell_day_change(order_id=order.id, at=SOON) for _again in range(3)]

    assert (early, told) == ("", ["told", "", ""])
    mail = Email.objects.get(subject_id=order.id)
    assert (mail.to, mail.subject) == (["sari@example.com"], f"The delivery day of order {order.number} changed")
    assert "30 November 2026 (before 27 November 2026)" in mail.text
    message = WhatsappMessage.objects.get()
    assert message.text == f"Halo Toko Sari, order {order.number}: 30 November 2026 (before 27 November 2026). Thanks"
    story = AuditEntry.objects.get(subject_id=order.id, verb="tell_day").data["lines"]
    assert story[0]["days"] == [str(FRIDAY), str(MONDAY)]
    notice = DayNotice.objects.get()
    assert (notice.state, notice.email_id, notice.whatsapp_id) == ("told", mail.pk, message.pk)


@pytest.mark.django_db
def test_a_day_that_is_moved_back_tells_nothing_and_the_next_change_is_a_new_message():
    world, order = shop()

    move(world, order, MONDAY)
    move(world, order, FRIDAY)
    assert tell_day_change(order_id=order.id, at=SOON) == "dropped"
    move(world, order, MONDAY, at=SOON)
    assert tell_day_change(order_id=order.id, at=SOON + timedelta(minutes=15)) == "told"

    assert Email.objects.count() == 1
    assert sorted(DayNotice.objects.values_list("state", flat=True)) == ["dropped", "told"]


@pytest.mark.django_db
def test_an_amendment_tells_the_lines_whose_day_it_changes_and_only_those():
    world, order = shop(count=2)
    lines = [kept_line(line) for line in order.lines.order_by("position").select_related("unit")]
    shared = {"order_id": order.id, "version": None, "by": world.owner, "at": NOW}

    amend_order(**shared, lines=lines, note="Titip di satpam")
    assert DayNotice.objects.count() == 0
    amend_order(**shared, lines=[replace(lines[0], planned_date=MONDAY), lines[1]])
    tell_day_change(order_id=order.id, at=SOON)

    text = Email.objects.get().text
    assert f"• {order.lines.order_by('position').first().description}: 30 November 2026" in text
    assert text.count("•") == 1


@pytest.mark.django_db
def test_where_it_is_asked_nothing_goes_before_a_yes_and_a_no_ends_it():
    world, order = shop("ask")
    looks = make_user(world.company, "auditor")
    move(world, order, MONDAY)

    assert due_notices(at=SOON) == []
    with pytest.raises(Forbidden):
        answer_day_notice(order_id=order.id, tell=True, by=looks, at=SOON)
    answer_day_notice(order_id=order.id, tell=True, by=world.owner, at=SOON)
    with pytest.raises(WrongState):
        answer_day_notice(order_id=order.id, tell=True, by=world.owner, at=SOON)
    assert tell_day_change(order_id=order.id, at=SOON) == "told"
    move(world, order, FRIDAY, at=SOON)
    answer_day_notice(order_id=order.id, tell=False, by=world.owner, at=SOON)

    assert (Email.objects.count(), due_notices(at=SOON + timedelta(days=1))) == (1, [])
    assert list(DayNotice.objects.order_by("id").values_list("state", flat=True)) == ["told", "dropped"]


@pytest.mark.django_db
def test_a_customers_own_rule_goes_before_the_companys_and_who_cannot_be_reached_is_told_of():
    world, order = shop("always")
    own = {"company_id": world.company.id, "customer_id": order.customer_id, "by": world.owner, "at": NOW}
    save_day_notice_rule(**own, mode="none")
    move(world, order, MONDAY)
    assert DayNotice.objects.count() == 0
    save_day_notice_rule(**own, mode="")
    nobody = make_customer(world, email="", phone="")
    lines = [LineInput(product_id=make_product(world, stock=9).id)]
    other = make_confirmed_order(world, lines, customer=nobody, planned_date=FRIDAY)
    move(world, other, MONDAY)

    assert tell_day_change(order_id=other.id, at=SOON) == "unreachable"
    assert (Email.objects.count(), Notice.objects.filter(subject_id=other.id).count()) == (0, 1)
    with pytest.raises(Invalid):
        save_day_notice_rule(**{**own, "customer_id": None}, mode="always", words={"id": {"subject": "x", "text": ""}})
    assert DayNoticeRule.objects.get().words == {}


@pytest.mark.django_db
def test_the_pages_and_the_api_set_the_rule_ask_the_question_and_show_the_order_to_its_customer(time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()
    world, order = shop("none")
    api, browser = Api(world.owner), signed_in(world)
    browser.cookies["niaga_language"] = "en"
    form = {"mode": "ask", "by_email": "on", "whatsapp_template": "", "subject_id": "Hari baru {{order.number}}",
            "text_id": "{{days}}\r\n\r\n{{link}}", "subject_en": "", "text_en": ""}  # fmt: skip

    assert browser.post("/settings/day-notices", form).status_code == 303
    rule = api.client.get("/api/v1/day-notice-rule").json()
    assert (rule["mode"], rule["words"]["id"]["subject"]) == ("ask", "Hari baru {{order.number}}")
    own = api.send("put", f"customers/{order.customer_id}/day-notice-rule", {"mode": "always"}).json()
    assert browser.post(f"/customers/{order.customer_id}/day-notices", {"mode": ""}).status_code == 303
    move(world, order, MONDAY)
    page = browser.get(f"/orders/{order.id}").content.decode()
    asked = api.client.get(f"/api/v1/orders/{order.id}/day-notice").json()
    browser.post(f"/orders/{order.id}/day-notice", {"tell": "1"})
    tell_day_change(order_id=order.id, at=NOW)
    link = "/l/" + Email.objects.get().text.rsplit("/l/", 1)[1].split()[0]
    public = browser.get(link).content.decode()

    assert (own, asked["state"]) == ({"mode": "always"}, "asked")
    assert "Shall the customer be told?" in page
    assert "30 Nov 2026" in public
    assert not {"100.000", "100,000", "200,000"} & set(public.replace("<", " ").replace(">", " ").split())
    assert api.client.get(f"/api/v1/orders/{order.id}/day-notice").status_code == 404
