from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.messaging.models import WhatsappTemplate
from niaga.messaging.registry import placeholders
from niaga.messaging.rules.whatsapp import LANGUAGE, NAME
from niaga.messaging.rules.whatsapp_template import STATES, BadTemplate, check_template
from niaga.organization.access import Actor, access_of


class BadTemplateText(Invalid):
    code = "bad_template_text"
    text = gettext_lazy("WhatsApp would not take this text.")


class TemplateTaken(Invalid):
    code = "template_taken"
    text = gettext_lazy("There is a template of this name and language already.")


@transaction.atomic
def save_whatsapp_template(
    *, name: str, language: str, text: str, state: str = "draft", note: str = "", by: Actor, at: datetime,
    template_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Keep the words of a template as they are at WhatsApp, and how far its approval is. Returns its id.

    Only what is `approved` is ever sent. `text` has our own placeholders; see `rules.whatsapp_template`.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: no such template
    :raises BadTemplateText: a placeholder that stands for nothing, or a text that WhatsApp would not take
    :raises TemplateTaken: another has the name and language
    :raises Invalid: name, language or state cannot be
    """
    access = access_of(by)
    company_id = access.current_company.id
    access.require("setting", "manage", company_id=company_id)
    if not NAME.fullmatch(name):
        raise Invalid(_("Small letters, digits and _ only, as at WhatsApp."), field="name")
    if not LANGUAGE.fullmatch(language):
        raise Invalid(_("This is not one of the choices."), field="language")
    if state not in STATES:
        raise Invalid(_("This is not one of the choices."), field="state")
    findings = Findings()
    values = check_values(
        WhatsappTemplate, {"name": name, "language": language, "text": text, "note": note}, findings=findings
    )
    findings.raise_if_any()
    try:
        check_template(values["text"], placeholders())
    except BadTemplate as fault:
        raise BadTemplateText(_said(fault), field="text") from fault
    values |= {"state": state, "updated_at": at}
    batch, key = Batch(), template_id or new_id()
    if template_id is None:
        batch.insert(WhatsappTemplate, [{"id": key, "company_id": company_id, **values}])
    else:
        batch.update(WhatsappTemplate, where={"id": key, "company_id": company_id}, values=values, refusal=NotFound)
    record(
        batch=batch, subject_kind="whatsapp_template", subject_id=key, verb="save", by=by.pk, at=at,
        company_id=company_id, data={"name": name, "language": language, "state": state},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise TemplateTaken(field="name") from error
    return key


def _said(fault: BadTemplate) -> str:
    return {
        "empty": _("Write the text."),
        "too_long": _("At most 1,024 characters."),
        "unknown": _("%(name)s stands for nothing here.") % {"name": fault.shown},
        "ends_in_placeholder": _("WhatsApp wants words before the first and after the last placeholder."),
    }[fault.code]
