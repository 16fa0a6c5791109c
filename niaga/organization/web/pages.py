"""The shape of every settings form: read it, do one deed once, say so, or show what is wrong where it is."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal
from niaga.ui.forms import once, refuse

SAVED = _("Saved")


def form_page(
    request: HttpRequest,
    *,
    form: Callable[[Any], forms.Form],
    deed: Callable[[dict[str, Any]], str],
    template: str = "organization/form.html",
    saved: str | Promise = SAVED,
    **context: Any,
) -> HttpResponse:
    """A page with one form: `form(data)` makes it (None: as it stands); `deed` calls ONE service, says where to go."""
    status = 200
    if request.method == "POST":
        bound = form(request.POST)
        if bound.is_valid():
            try:
                answer = once(request, lambda: deed(bound.cleaned_data))
                messages.success(request, str(saved))
                return answer
            except Refusal as refusal:
                refuse(bound, refusal)
        status = 422
    else:
        bound = form(None)
    return render(request, template, {"form": bound, **context}, status=status)
