"""WhatsApp templates: their words, what to type at Meta, and how far the approval is."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.messaging.queries.whatsapp_templates import whatsapp_template, whatsapp_templates
from niaga.messaging.registry import placeholders
from niaga.messaging.rules.whatsapp_template import LONGEST, numbered
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.access import access_of
from niaga.organization.web.fields import LANGUAGES, SettingsForm
from niaga.organization.web.pages import form_page
from niaga.ui.documents import Action
from niaga.ui.lists import Empty, Listing, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import one_at_a_time

APPROVAL = {
    "draft": Status(_("Draft"), "faint", "pencil"),
    "submitted": Status(_("Submitted"), "calm", "clock"),
    "approved": Status(_("Approved"), "good", "circle-check"),
    "rejected": Status(_("Rejected"), "bad", "circle-x"),
}


class WhatsappTemplateList(Listing):
    key, title, sort = "whatsapp_templates", _("WhatsApp templates"), "name"
    above = ("WhatsApp", "/settings/whatsapp")
    columns = (
        Text("name", _("Name"), sort="name", phone="title"),
        Text("language", _("Language"), source=lambda row: dict(LANGUAGES).get(row.language, row.language),
             phone="meta"),
        StatusColumn("state", _("Status"), statuses=APPROVAL, phone="status"),
        Text("text", _("Text"), source=lambda row: row.text[:120]),
    )  # fmt: skip
    empty = Empty(
        _("No template yet"),
        _("To customers who did not write first, WhatsApp takes only words that Meta has approved. Write them here,"
          " submit them at Meta, and note the approval: from then on reminders can use them."),
        icon="message-circle",
    )  # fmt: skip
    export = False

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("setting", "manage")
        return whatsapp_templates(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("messaging:whatsapp_template", row.pk)

    def actions(self) -> list[Action]:
        return [Action(_("New template"), url=reverse("messaging:new_whatsapp_template"), icon="plus", method="get",
                       kind="go", key="n")]  # fmt: skip


class TemplateForm(SettingsForm):
    name = forms.CharField(
        label=_("Name at WhatsApp"), max_length=120, help_text=_("Small letters, digits and _ only.")
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text = forms.CharField(label=_("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    state = forms.ChoiceField(
        label=_("Approval by Meta"), choices=[(code, one.label) for code, one in APPROVAL.items()],
        help_text=_("Only what is approved is sent."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    half = ("name", "language")


@login_required
@one_at_a_time
def edit_whatsapp_template(request: HttpRequest, whatsapp_template_id: UUID | None = None) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    held = whatsapp_template(template_id=whatsapp_template_id, by=request.user) if whatsapp_template_id else None
    names = ("name", "language", "text", "state", "note")

    def save(values: dict[str, Any]) -> str:
        save_whatsapp_template(template_id=whatsapp_template_id, by=request.user, at=now(), **values)
        return reverse("messaging:whatsapp_templates")

    return form_page(
        request, form=lambda data: TemplateForm(data, initial={n: getattr(held, n) for n in names} if held else None),
        deed=save, subject=whatsapp_template_id, title=held.name if held else gettext("New template"),
        template="messaging/whatsapp_template.html", placeholders=sorted(placeholders()),
        submitted=numbered(held.text).text if held else "", back=(_("WhatsApp templates"),
        reverse("messaging:whatsapp_templates")),
    )  # fmt: skip
