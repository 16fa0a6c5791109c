from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.models import DayNoticeRule
from niaga.sales.models.day_notice import NoticeMode
from niaga.sales.queries.day_notices import notice_subject
from niaga.sales.rules.day_notice import words_fault


@transaction.atomic
def save_day_notice_rule(
    *,
    company_id: UUID,
    customer_id: UUID | None,
    mode: str,
    by_email: bool = True,
    whatsapp_template: str = "",
    words: Mapping[str, Mapping[str, str]] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Say whether a customer (without one: all who have no rule of their own) hears of promised days that change. An
    empty `mode` takes the rule away. Channels and `words` are the company's; what is noted already stays noted.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not change the customer, or of the company's rule settings
    :raises Invalid: no such mode, or words that cannot be
    """
    notice_subject(by=by, company_id=company_id, customer_id=customer_id)
    if mode and mode not in NoticeMode.values:
        raise Invalid(_("Choose whether the customer is told."), field="mode")
    said = {
        language: {name: text.replace("\x00", "").strip() for name, text in one.items() if name in ("subject", "text")}
        for language, one in (words or {}).items()
    }
    if fault := words_fault(said):
        raise Invalid(_fault_text(fault), field="words")
    said = {language: one for language, one in said.items() if one.get("subject")}
    values: dict[str, Any] = {
        "mode": mode, "by_email": by_email, "whatsapp_template": whatsapp_template.replace("\x00", "").strip()[:120],
        "words": said, "updated_at": at,
    }  # fmt: skip
    if customer_id is not None:
        values |= {"by_email": True, "whatsapp_template": "", "words": {}}
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    held = DayNoticeRule.objects.select_for_update().filter(whose, company_id=company_id).first()
    batch = Batch()
    if held is not None and not mode:
        batch.sql("gone", "DELETE FROM sales_daynoticerule WHERE id = %s::uuid RETURNING 1", [held.pk])
    elif held is not None:
        batch.update(DayNoticeRule, where={"id": held.pk}, values=values)
    elif mode:
        batch.insert(DayNoticeRule, [{"id": new_id(), "company_id": company_id, "customer_id": customer_id, **values}])
    record(
        batch=batch, subject_kind="day_notice_rule", subject_id=customer_id or company_id, verb="save", by=by.id, at=at,
        company_id=company_id, data={name: value for name, value in values.items() if name != "updated_at"},
    )  # fmt: skip
    batch.write()


def _fault_text(fault: str) -> str:
    code, _colon, shown = fault.partition(": ")
    return {
        "language": _("Words are in Indonesian or English."),
        "half": _("Give a subject and a text, or neither."),
        "too_long": _("The words are too long."),
        "unknown": _("%(name)s stands for nothing here.") % {"name": shown},
    }[code]
