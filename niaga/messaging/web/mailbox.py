"""The mailbox: every mail and WhatsApp message, what became of it, and what it says."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.messaging.models import Message
from niaga.messaging.queries.emails import get_email, get_file
from niaga.messaging.queries.mail_servers import server_of
from niaga.messaging.queries.messages import matching_messages, visible_messages
from niaga.messaging.queries.reasons import explain
from niaga.messaging.services.retry_email import retry_email
from niaga.messaging.services.settle_email import settle_email
from niaga.messaging.web.words import CHANNELS, STATUSES, WHATSAPP
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui.lists import Choice, Empty, Listing, Moment, Search, StatusColumn, Text
from niaga.ui.lists.addresses import row_address

HTML_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
"""A mail's own HTML may dress itself and show its embedded pictures; nothing runs, nothing is fetched."""


class Mailbox(Listing):
    key, title, sort = "mailbox", _("Mailbox"), "-created_at"
    columns = (
        Text("subject", _("Subject"), phone="title"),
        Text("to", _("To"), phone="meta"),
        Text("channel", _("Goes by"), source=lambda row: CHANNELS[row.channel], phone="meta"),
        StatusColumn("status", _("Status"), statuses=WHATSAPP, phone="status"),
        Moment("created_at", _("Written"), sort="created_at", phone="value"),
        Moment("sent_at", _("Sent"), sort="sent_at"),
    )
    filters = (
        Search("q", _("Subject or recipient"), match=matching_messages),
        Choice("channel", _("Goes by"), options=list(CHANNELS.items())),
        Choice("status", _("Status"), options=[(code, status.label) for code, status in WHATSAPP.items()]),
    )
    empty = Empty(
        _("No messages yet"),
        _("Every mail and WhatsApp message that Niaga writes is kept here, with what became of it."),
        icon="mail",
    )

    def rows(self) -> QuerySet[Message]:
        access_of(self.request.user).require("email", "view")
        return visible_messages(by=self.request.user)

    def url(self, row: Message) -> str:
        return row_address(f"messaging:{row.channel}", row.pk)

    @property
    def subtitle(self) -> Any:
        """Whether mail leaves the house at all."""
        here = access_of(self.request.user).current_company.id
        return "" if server_of(here) is not None else _("No mail server is set, so mail is kept here and not sent.")


@require_GET
@login_required
def email(request: HttpRequest, email_id: UUID) -> HttpResponse:
    row = get_email(email_id=email_id, by=request.user)
    may_send = access_of(request.user).allows("email", "send")
    context = {
        "email": row,
        "status": STATUSES[row.status],
        "explained": explain(row),
        "by": user_names([row.created_by]).get(row.created_by) if row.created_by else "",
        "may_retry": may_send and row.status in ("failed", "uncertain", "kept"),
        "may_settle": may_send and row.status == "uncertain",
        "moving": row.status in ("queued", "sending"),
        "back": (_("Mailbox"), reverse("messaging:mailbox")),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "messaging/parts/email_status.html", context)
    return render(request, "messaging/email.html", context)


@require_GET
@login_required
def email_html(request: HttpRequest, email_id: UUID) -> HttpResponse:
    """The mail's HTML alone, for a sandboxed frame: a foreign origin to everything else here."""
    row = get_email(email_id=email_id, by=request.user)
    answer = HttpResponse(row.html, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = HTML_POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_GET
@login_required
def email_file(request: HttpRequest, email_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of the mail, always as a download."""
    file = get_file(email_id=email_id, file_id=file_id, by=request.user)
    answer = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@login_required
def email_retry(request: HttpRequest, email_id: UUID) -> HttpResponse:
    retry_email(email_id=email_id, by=request.user, at=now())
    messages.success(request, gettext("The mail is sent again."))
    return redirect("messaging:email", email_id)


@require_POST
@login_required
def email_settle(request: HttpRequest, email_id: UUID) -> HttpResponse:
    settle_email(email_id=email_id, by=request.user, at=now())
    messages.success(request, gettext("Noted as arrived."))
    return redirect("messaging:email", email_id)
