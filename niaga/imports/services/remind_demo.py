from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from niaga.imports.services._demo import LIVE_DAYS, Demo
from niaga.invoicing.queries.call_list import call_list, overdue_claims
from niaga.invoicing.rules.usual_levels import USUAL_LEVELS
from niaga.invoicing.services.log_call import log_call
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.access import SYSTEM

REMIND_DAYS = 45
_TEMPLATES = (
    ("tagihan_segera", "Yth. {{customer.name}}, sekadar mengingatkan: tagihan {{invoices}} segera jatuh tempo."
     " Jumlahnya {{total}}. Terima kasih."),
    ("tagihan_lewat", "Yth. {{customer.name}}, tagihan {{invoices}} telah jatuh tempo. Mohon dibantu pembayarannya"
     " sebesar {{total}} ke {{bank.account}}. Terima kasih."),
)  # fmt: skip


def begin_reminders(demo: Demo) -> None:
    """A plan from the usual levels, by WhatsApp too, that is followed every working day of the last weeks."""
    owner, at = demo.users["owner"], demo.at - timedelta(days=LIVE_DAYS)
    for name, text in _TEMPLATES:
        save_whatsapp_template(name=name, language="id", text=text, state="approved", by=owner, at=at)
    levels = [
        replace(level, by_whatsapp=True, whatsapp_template=_TEMPLATES[level.days > 0][0]) for level in USUAL_LEVELS
    ]
    save_reminder_plan(
        company_id=demo.company_id, plan=PlanInput(is_active=True, levels=levels), by=SYSTEM, at=at
    )  # fmt: skip
    last = demo.at.date()
    for offset in range(REMIND_DAYS, -1, -1):
        moment = datetime.combine(last - timedelta(days=offset), time(10, 20), ZoneInfo("Asia/Jakarta"))
        demo.later(moment.astimezone(UTC), lambda when: _remind(demo.company_id, when))


def _remind(company_id: UUID, at: datetime) -> None:
    while send_reminders(company_id=company_id, at=at):
        continue


def talk_about_reminders(demo: Demo) -> None:
    """Of the customers to be called, one promised and did not pay, one disputes, one promises."""
    finance = demo.users["finance"]
    rows = list(call_list(by=finance, day=demo.at.date()).order_by("-overdue")[:8])
    facts: dict[str, Any] = {"company_id": demo.company_id, "by": finance}
    earlier = demo.at - timedelta(days=6)
    for place, row in enumerate(rows[1:4]):
        claims = overdue_claims(customer_id=row.pk, by=finance, at=demo.at)
        if place == 0:
            log_call(
                customer_id=row.pk, outcome="promised", note="Menunggu pencairan giro", at=earlier,
                until=(demo.at - timedelta(days=2)).date(), invoice_ids=[claims[0].invoice_id], **facts,
            )  # fmt: skip
        elif place == 1:
            raise_dispute(invoice_id=claims[0].invoice_id, reason="Dua karton diterima basah, minta potongan",
                          raised_by_name="Bagian gudang", by=finance, at=demo.at - timedelta(days=1))  # fmt: skip
        else:
            log_call(customer_id=row.pk, outcome="promised", note="Transfer hari Jumat", at=demo.at,
                     until=(demo.at + timedelta(days=4)).date(), **facts)  # fmt: skip
