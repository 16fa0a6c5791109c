from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.rules.placeholders import fill_placeholders, placeholders_in
from niaga.documents.services.keep_links import keep_links
from niaga.invoicing.models import ReminderLevel
from niaga.invoicing.queries.due_reminders import DueReminder
from niaga.invoicing.queries.late_fees import late_invoices
from niaga.invoicing.rules.reminder_words import DuePart, Sender, placeholder_values
from niaga.messaging.queries.whatsapp_templates import approved_templates
from niaga.messaging.rules.addresses import one_line
from niaga.messaging.rules.whatsapp_template import Numbered
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import EmailToSend, is_address, queue_emails
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.organization.queries.companies import CompanyProfile, company_profile
from niaga.parties.queries.reachable import Reachable, reachable

MOST_NUMBERS = 10


@dataclass(slots=True)
class Told:
    """A reminder as it is written, with the parts that it tells."""

    row: dict[str, Any]
    parts: Sequence[DueReminder]
    level_days: int

    @property
    def has_message(self) -> bool:
        return self.row["email_id"] is not None or self.row["whatsapp_id"] is not None

    @property
    def numbers(self) -> str:
        numbers = list(dict.fromkeys(part.number for part in self.parts))
        return ", ".join(numbers[:MOST_NUMBERS]) + (" …" if len(numbers) > MOST_NUMBERS else "")


def write_reminders(
    *,
    batch: Batch,
    company_id: UUID,
    groups: Sequence[Sequence[DueReminder]],
    levels: Mapping[UUID, ReminderLevel],
    at: datetime,
) -> list[Told]:
    """Queue the mail and the WhatsApp message of each group of parts, in its customer's language, and say what was
    queued. Whoever cannot be reached by any of the level's channels is to be called."""
    company = company_profile(company_id)
    sender = sender_of(company)
    people = reachable({parts[0].customer_id for parts in groups})
    templates = approved_templates(company_id)
    fees = _fees(company_id, groups, levels, templates)
    links = _links(batch, company_id, groups, levels, templates, at)
    told, mails, messages = [], list[tuple[Told, EmailToSend]](), list[tuple[Told, WhatsappToSend]]()
    for parts in groups:
        level, person = levels[parts[0].level_id], people[parts[0].customer_id]
        one = Told(
            {"id": new_id(), "customer_id": parts[0].customer_id, "level_id": level.pk, "email_id": None,
             "whatsapp_id": None, "call": level.by_call},
            parts, level.days,
        )  # fmt: skip
        told.append(one)
        language = person.language if person.language in ("id", "en") else company.language or "id"
        facts = [
            DuePart(part.number, part.due_date, part.days, part.open, part.currency, fees.get(part.due_id, Decimal(0)))
            for part in parts
        ]
        link = links.get(parts[0].invoice_id, "")
        if level.by_email and is_address(person.email):
            mails.append((one, mail_of(level, person, sender, facts, language, one.row["customer_id"], link)))
        if level.by_whatsapp and person.whatsapp:
            message = _message(level, person, sender, facts, language, templates, one.row["customer_id"], link)
            if message is not None:
                messages.append((one, message))
    shared: dict[str, Any] = {"batch": batch, "company_id": company_id, "by": None, "at": at}
    for key, (one, _mail) in zip(queue_emails(emails=[mail for _one, mail in mails], **shared), mails, strict=True):
        one.row["email_id"] = key
    keys = queue_whatsapp(messages=[message for _one, message in messages], **shared)
    for key, (one, _sent) in zip(keys, messages, strict=True):
        one.row["whatsapp_id"] = key
    for one in told:
        one.row["call"] = one.row["call"] or not one.has_message
    return told


def _links(
    batch: Batch, company_id: UUID, groups: Sequence[Sequence[DueReminder]], levels: Mapping[UUID, ReminderLevel],
    templates: Mapping[tuple[str, str], Numbered], at: datetime,
) -> dict[UUID, str]:  # fmt: skip
    """The customer's page of the invoice that each group owes the longest, where the words of its level name it."""
    named = {key for key, level in levels.items() if _names("link", level, templates)}
    wanted = {parts[0].invoice_id for parts in groups if parts[0].level_id in named}
    if not wanted:
        return {}
    return keep_links(
        batch=batch, subject_kind="invoice", subject_ids=wanted, company_id=company_id, by=None, at=at
    )  # fmt: skip


def _fees(
    company_id: UUID, groups: Sequence[Sequence[DueReminder]], levels: Mapping[UUID, ReminderLevel],
    templates: Mapping[tuple[str, str], Numbered],
) -> dict[UUID, Decimal]:  # fmt: skip
    """What the late days of each part cost so far, where the words of a level name it; else nothing is asked."""
    named = {key for key, level in levels.items() if _names("late_fee", level, templates)}
    parts = [part for group in groups for part in group if part.level_id in named]
    if not parts:
        return {}
    today = max(part.due_date + timedelta(days=part.days) for part in parts)
    found = late_invoices(company_id=company_id, today=today, invoice_ids={part.invoice_id for part in parts})
    return {one.part.key: one.amount for late in found for one in late.charges(upto=today, today=today)}


def _names(word: str, level: ReminderLevel, templates: Mapping[tuple[str, str], Numbered]) -> bool:
    texts = [text for words in level.words.values() for text in (words.get("subject", ""), words.get("text", ""))]
    numbered = [one.names for (name, _language), one in templates.items() if name == level.whatsapp_template]
    return any(word in placeholders_in(text) for text in texts) or any(word in names for names in numbered)


def sender_of(company: CompanyProfile) -> Sender:
    """The company by its legal name, and the account that stands first on its invoices."""
    first = next(iter(company.bank_accounts), None)
    return Sender(company.legal_name or company.name, f"{first.bank} {first.number} ({first.holder})" if first else "")


def mail_of(
    level: ReminderLevel, person: Reachable, sender: Sender, parts: Sequence[DuePart], language: str,
    customer_id: UUID | None = None, link: str = "",
) -> EmailToSend:  # fmt: skip
    """The level's words for one customer; Indonesian where it has none in their language."""
    own = level.words.get(language) or {}
    words = own if own.get("subject") and own.get("text") else level.words["id"]
    spoken = language if words is own else "id"
    values = placeholder_values(customer=person.name, sender=sender, parts=parts, language=spoken, link=link)
    text = fill_placeholders(words["text"], values)
    return EmailToSend(
        [person.email], one_line(fill_placeholders(words["subject"], values))[:300], text,
        html=dress_text(text, company=sender.name), subject_kind="customer", subject_id=customer_id,
    )  # fmt: skip


def _message(
    level: ReminderLevel, person: Reachable, sender: Sender, parts: Sequence[DuePart], language: str,
    templates: Mapping[tuple[str, str], Numbered], customer_id: UUID, link: str,
) -> WhatsappToSend | None:  # fmt: skip
    """None without a template that WhatsApp approved in the customer's language or in Indonesian."""
    spoken = next((one for one in (language, "id") if (level.whatsapp_template, one) in templates), None)
    if spoken is None:
        return None
    template = templates[level.whatsapp_template, spoken]
    values = placeholder_values(
        customer=person.name, sender=sender, parts=parts, language=spoken, breaks=False, link=link
    )  # fmt: skip
    return WhatsappToSend(
        person.whatsapp, level.whatsapp_template, spoken, template.text, template.values(values), "customer",
        customer_id,
    )  # fmt: skip
