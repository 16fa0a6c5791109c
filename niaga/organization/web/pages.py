"""The shape of every settings form: read it, do one deed once, say so, or show what is wrong where it is."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden
from niaga.organization.queries.last_change import last_change
from niaga.ui.stale import Kind, bind, kept, watched

SAVED = _("Saved")


def bind_to(
    request: HttpRequest,
    form: Callable[[Any], Kind],
    *,
    subject: UUID | None,
    more: Mapping[str, list[str]] | None = None,
) -> Kind:
    """The form as it was sent; for a `subject` that exists already with `form.stale` when it was overtaken."""
    if subject is None:
        return form(request.POST)
    return bind(request, form, last_change=lambda: last_change(subject), more=more)


def bound_or_fresh(
    request: HttpRequest,
    form: Callable[[Any], Kind],
    *,
    subject: UUID | None,
    more: Mapping[str, list[str]] | None = None,
) -> Kind:
    """The form as it was sent, or to be shown."""
    if request.method == "POST":
        return bind_to(request, form, subject=subject, more=more)
    return watched(form(None), more) if subject else form(None)


def form_page(
    request: HttpRequest,
    *,
    form: Callable[[Any], forms.Form],
    deed: Callable[[dict[str, Any]], str],
    template: str = "organization/form.html",
    saved: str | Promise = SAVED,
    subject: UUID | None = None,
    may_change: bool = True,
    **context: Any,
) -> HttpResponse:
    """A page with one form: `form(data)` makes it (None: as it stands); `deed` calls ONE service, says where to go.

    `subject` is what is changed, by the id its audit rows name: when somebody else changed it since the form was
    opened, the form comes back and says so.

    :raises Forbidden: who may only read (not `may_change`) sends it
    """
    if request.method == "POST" and not may_change:
        raise Forbidden()
    status = 200
    if request.method == "POST":
        bound = bind_to(request, form, subject=subject)
        answer = kept(request, bound, deed)
        if answer is not None:
            messages.success(request, str(saved))
            return answer
        status = 422
    else:
        bound = bound_or_fresh(request, form, subject=subject)
    return render(request, template, {"form": bound, "may_change": may_change, **context}, status=status)
