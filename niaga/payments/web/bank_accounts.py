"""The company's bank accounts: what the bank says of each and what the books do; its statements, and sending one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.companies import own_bank_account
from niaga.payments.queries.bank_figures import bank_figures, listed_bank_accounts
from niaga.payments.queries.bank_statements import books_certain, visible_statements
from niaga.payments.queries.payouts import missing_payouts
from niaga.payments.services.keep_bank_profile import keep_bank_profile
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.web.bank_words import STATEMENT_STATUS
from niaga.ui.forms import once

MOST_STATEMENTS = 60
MOST_MISSING = 20


@login_required
@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("bank", "view")
    context = {
        "accounts": list(listed_bank_accounts(by=request.user)), "may_record": access.allows("bank", "record"),
        "missing": list(missing_payouts(by=request.user, at=clock.now())[:MOST_MISSING]),
        "may_add": access.allows("setting", "manage"),
    }  # fmt: skip
    return render(request, "payments/bank.html", context)


@login_required
@require_GET
def show_account(request: HttpRequest, bank_account_id: UUID) -> HttpResponse:
    return _account(request, bank_account_id)


def _account(request: HttpRequest, bank_account_id: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    access = access_of(request.user)
    access.require("bank", "view")
    account = own_bank_account(account_id=bank_account_id, by=request.user)
    statements: QuerySet[Any] = visible_statements(by=request.user).filter(bank_account_id=account.pk)
    rows: list[Any] = list(statements.order_by("-created_at")[:MOST_STATEMENTS])
    for row in rows:
        row.state = STATEMENT_STATUS[row.status]
    context = {
        "account": account, "figures": bank_figures(account=account, by=request.user), "statements": rows,
        "certain": books_certain(bank_account_id=account.pk), "may_record": access.allows("bank", "record"),
        "may_manage": access.allows("bank", "manage"), "error": error,
    }  # fmt: skip
    return render(request, "payments/bank_account.html", context, status=status)


@login_required
@require_POST
def send_statement(request: HttpRequest, bank_account_id: UUID) -> HttpResponse:
    """Keep a bank's file and go on to its preview; what cannot be read is said on the account's page."""
    access_of(request.user).require("bank", "record")
    sent = request.FILES.get("file")
    if sent is None:
        return _account(request, bank_account_id, error=gettext("Choose a file."), status=422)
    try:
        draft = receive_statement(
            bank_account_id=bank_account_id, chunks=sent.chunks(), file_name=sent.name or "", by=request.user,
            at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.field != "file":
            raise
        return _account(request, bank_account_id, error=str(refusal.message), status=422)
    return redirect(reverse("payments:bank_statement", args=[draft.pk]))


@login_required
@require_POST
def setting(request: HttpRequest, bank_account_id: UUID) -> HttpResponse:
    """Whether what is certain is booked without a person."""

    def deed() -> str:
        wanted = request.POST.get("books_certain") == "1"
        keep_bank_profile(bank_account_id=bank_account_id, books_certain=wanted, by=request.user, at=clock.now())
        messages.success(request, gettext("Saved."))
        return reverse("payments:bank_account", args=[bank_account_id])

    access_of(request.user).require("bank", "manage")
    return once(request, deed)
