"""A bank statement: before it is taken in, its columns and a preview of what would come; then the working list of what
is to be booked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.payments.models import BankStatement
from niaga.payments.queries.bank_lines import visible_lines
from niaga.payments.queries.bank_statements import gap_before, get_statement
from niaga.payments.queries.payouts import may_record_payouts
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.services.accept_proposals import Accepted, accept_proposals
from niaga.payments.services.lay_out_statement import discard_statement, lay_out_statement
from niaga.payments.services.take_statement import take_statement
from niaga.payments.web.bank_words import LINE_STATUS, shown_proposals, waits_for
from niaga.payments.web.statement_preview import layout_typed, preview
from niaga.ui.forms import once

AT_ONCE = 25


@login_required
@require_GET
def show_statement(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    access = access_of(request.user)
    access.require("bank", "view")
    statement = get_statement(statement_id=bank_statement_id, by=request.user)
    may = {name: access.allows("bank", name) for name in ("record", "reverse", "manage")}
    if statement.status == "draft":
        typed = layout_typed(request.GET) if request.GET.get("typed") else None
        context = {"statement": statement, "may": may, **preview(statement, typed)}
        part = request.headers.get("HX-Target") == "preview"
        return render(request, f"payments/{'statement_preview' if part else 'statement_draft'}.html", context)
    context = {"statement": statement, "may": may, **_work(request, statement)}
    return render(request, "payments/statement.html", context)


def _work(request: HttpRequest, statement: BankStatement) -> dict[str, Any]:
    """What is left, some lines at once with their proposals, and what is done."""
    rows = visible_lines(by=request.user).filter(statement_id=statement.pk)
    open_rows: list[Any] = list(rows.filter(status="open").order_by("position", "id")[:AT_ONCE])
    found = proposals_for(lines=open_rows, by=request.user)
    for line in open_rows:
        line.proposals = shown_proposals(line, found)
        line.first = line.proposals[0] if line.proposals else None
        line.waits_for = waits_for(line, found)
        line.certain = bool(line.first and line.first.certain)
    done: list[Any] = list(rows.exclude(status="open").order_by("-updated_at", "-id")[:AT_ONCE])
    for line in done:
        line.state = LINE_STATUS[line.status]
    told = rows.order_by().values_list("status").annotate(count=Count("id"))
    counts = dict.fromkeys(LINE_STATUS, 0) | dict(told)
    opening = statement.opening
    gap = None
    if statement.first_date is not None:
        gap = gap_before(
            bank_account_id=statement.bank_account_id, first_date=statement.first_date, opening=opening,
            but=statement.pk,
        )  # fmt: skip
    total = sum(counts.values())
    waiting = any(line.waits_for for line in open_rows)
    return {
        "lines": open_rows, "done": done, "counts": counts, "left": counts["open"], "gap": gap,
        "certain": sum(line.certain for line in open_rows), "total": total,
        "share": round(100 * (total - counts["open"]) / total) if total else 100,
        "may_record_payout": waiting and may_record_payouts(by=request.user),
        "known": statement.lines_read - statement.lines_new,
    }  # fmt: skip


@login_required
@require_POST
def taking(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    """Take the lines in, read as the form says."""
    statement = get_statement(statement_id=bank_statement_id, by=request.user)

    def deed() -> str:
        if statement.file_format == "csv":
            lay_out_statement(
                statement_id=bank_statement_id, layout=layout_typed(request.POST), by=request.user, at=clock.now()
            )
        taken = take_statement(statement_id=bank_statement_id, by=request.user, at=clock.now())
        known = taken.lines_read - taken.lines_new
        text = ngettext("%(new)d line is new.", "%(new)d lines are new.", taken.lines_new) % {"new": taken.lines_new}
        if known:
            text += " " + gettext("%(known)d were there already and are not doubled.") % {"known": known}
        messages.success(request, text)
        return reverse("payments:bank_statement", args=[bank_statement_id])

    access_of(request.user).require("bank", "record")
    try:
        return once(request, deed)
    except Refusal as refusal:
        if refusal.field != "file":
            raise
        shown = preview(statement, layout_typed(request.POST) if statement.file_format == "csv" else None)
        context = {"statement": statement, "may": {"record": True}, **shown, "fault": str(refusal.message)}
        return render(request, "payments/statement_draft.html", context, status=422)


@login_required
@require_POST
def discarding(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    statement = get_statement(statement_id=bank_statement_id, by=request.user)

    def deed() -> str:
        discard_statement(statement_id=bank_statement_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The file is thrown away; nothing was taken in."))
        return reverse("payments:bank_account", args=[statement.bank_account_id])

    access_of(request.user).require("bank", "record")
    return once(request, deed)


@login_required
@require_POST
def certain(request: HttpRequest, bank_statement_id: UUID) -> HttpResponse:
    """Book the lines that were shown as certain, in one deed."""
    get_statement(statement_id=bank_statement_id, by=request.user)

    def deed() -> str:
        accepted = accepted_in(request.POST)
        left = accept_proposals(accepted=accepted, by=request.user, at=clock.now())
        booked = len(accepted) - len(left)
        messages.success(request, ngettext("%(n)d line booked.", "%(n)d lines booked.", booked) % {"n": booked})
        for refusal in list(left.values())[:3]:
            messages.warning(request, str(refusal.message))
        return reverse("payments:bank_statement", args=[bank_statement_id])

    access_of(request.user).require("bank", "record")
    return once(request, deed)


def accepted_in(posted: QueryDict) -> list[Accepted]:
    """Lines as `line=<id>:<version>:<seen>`; what is no such text is left out."""
    found = []
    for text in posted.getlist("line")[:200]:
        key, _sep, rest = str(text).partition(":")
        version, _sep, seen = rest.partition(":")
        try:
            found.append(Accepted(UUID(key), int(version), seen[:64]))
        except ValueError:
            continue
    return list({one.line_id: one for one in found}.values())
