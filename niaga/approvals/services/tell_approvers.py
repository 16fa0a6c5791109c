"""A bell and a mail for those who are asked, in their language."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.queries.deputies import deputies_of
from niaga.approvals.services.seat_steps import Crew
from niaga.approvals.wording import frozen_rule_words
from niaga.core.batch import Batch
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import is_address, queue_email
from niaga.organization.queries.companies import company_profile
from niaga.ui import formatting


def page_of(request_id: UUID) -> str:
    return f"/approvals/{request_id}"


def tell_approvers(
    *, batch: Batch, request: ApprovalRequest, people: Collection[UUID], crew: Crew, at: datetime, late: bool = False
) -> None:
    """Tell the people of a step, and who stands in for them today. The mail's link asks for a log-in and leads back."""
    asked = {*people, *deputies_of(people, company_id=request.company_id, at=at)} - set(request.excluded)
    add_notice(
        batch=batch, to=asked,
        text=gettext_noop("%(number)s of %(customer)s waits for your approval"),
        facts={"number": request.number, "customer": request.party}, url=page_of(request.pk),
        subject_kind="approval", subject_id=request.pk, at=at,
    )  # fmt: skip
    company = company_profile(request.company_id).name
    link = f"{settings.BASE_URL}{page_of(request.pk)}"
    person = crew.people.get(request.asked_by_id) if request.asked_by_id else None
    asker = person.name if person else "Niaga"
    for key in sorted(asked):
        person = crew.people.get(key)
        if person is None or not is_address(person.email):
            continue
        with translation.override(person.language or settings.LANGUAGE_CODE):
            facts = {
                "number": request.number, "customer": request.party, "asker": asker, "name": person.name,
                "amount": formatting.money(request.amount, request.currency),
            }  # fmt: skip
            why = "\n".join(f"- {one['name']}: {one['words']}" for one in frozen_rule_words(request.rules))
            said = [_("%(asker)s asks for your approval of %(number)s for %(customer)s, %(amount)s.") % facts, why]
            if late:
                said.insert(0, _("Nobody answered in time, so it comes to you."))
            if request.note:
                said.append(f"“{request.note}”")
            text = "\n\n".join([*said, _("Decide here, after logging in:"), link, company])
            queue_email(
                batch=batch, company_id=request.company_id, to=[person.email],
                subject=_("Approval of %(number)s for %(customer)s") % facts, text=text,
                html=dress_text(text, company=company, button=(_("See and decide"), link), base_url=settings.BASE_URL),
                subject_kind="approval", subject_id=request.pk, by=request.asked_by_id, at=at,
            )  # fmt: skip


def tell_outcome(*, batch: Batch, request: ApprovalRequest, url: str, text: str, by: str, at: datetime) -> None:
    """Ring the bells of who asked and who sells."""
    told = {one for one in (request.asked_by_id, request.salesperson_id) if one is not None}
    add_notice(
        batch=batch, to=told, text=text, facts={"number": request.number, "customer": request.party, "name": by},
        url=url, subject_kind="approval", subject_id=request.pk, at=at,
    )  # fmt: skip
