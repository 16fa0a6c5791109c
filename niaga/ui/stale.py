"""Forms that two people have open: what is saved over is told, with who did it, and decided by the one who types.

A form is sent with what it showed when it was opened (`seen`). When that is no longer how things are, nothing is
saved: the form comes back with what was typed; fields the person had not touched show the newer value; and a note
above says who changed what. Saving again is the decision, since the form has then seen it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

import orjson
from django import forms
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from niaga.core.errors import Refusal
from niaga.ui.forms import answered, once
from niaga.ui.forms import refuse as refuse_field

MOST_TEXT = 120
Values = dict[str, list[str]]
Kind = TypeVar("Kind", bound=forms.Form)


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that somebody else changed: its label, and its value before and now as people read it."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Stale:
    """What a form is told when it was overtaken. Without `changes` what changed stands outside its fields."""

    changes: list[Changed]
    by: str = ""
    at: datetime | None = None


LastChange = Callable[[], tuple[str, datetime] | None]
"""Who changed the thing last, and when."""


def bind(
    request: HttpRequest,
    make: Callable[[Any], Kind],
    *,
    last_change: LastChange | None = None,
    more: Mapping[str, list[str]] | None = None,
) -> Kind:
    """The form as it was sent; with `form.stale` when things had changed since it was opened.

    `make(data)` makes the form with how things stand as its initial values. `more` are posted fields that the form
    object does not know (rows of a table), by name, as they stand.
    """
    now = standing(make(None), more)
    seen = _read(request.POST.get("seen", ""))
    if seen is None or seen == now or answered(request):
        return watched(make(request.POST), more)
    data = request.POST.copy()
    for name in now:
        if _lines(data.getlist(name)) == seen.get(name):
            data.setlist(name, now[name])
    form = watched(make(data), more)
    told = last_change() if last_change else None
    by, at = told or ("", None)
    form.stale = Stale(_changes(form, seen, now, more or {}), by, at)  # type: ignore[attr-defined]
    request.POST = data  # type: ignore[assignment]
    return form


def overtaken(form: forms.Form) -> bool:
    """Whether the form came back to be decided on."""
    return getattr(form, "stale", None) is not None


def watched(form: Kind, more: Mapping[str, list[str]] | None = None) -> Kind:
    """The form, telling `<c-form>` to send along what it shows."""
    form.seen = orjson.dumps(standing(form, more)).decode()  # type: ignore[attr-defined]
    return form


def standing(form: forms.Form, more: Mapping[str, list[str]] | None = None) -> Values:
    """A form's initial values as a browser would send them back untouched."""
    values = {
        bound.html_name: _sent(bound) for bound in form if not isinstance(bound.field.widget, forms.PasswordInput)
    }
    return {name: _lines(given) for name, given in {**values, **(more or {})}.items()}


def _sent(bound: forms.BoundField) -> list[str]:
    value = bound.field.prepare_value(bound.initial)
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(widget, forms.SelectMultiple):
        return sorted(str(one) for one in value or ())
    shown = widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return ["" if shown is None else str(shown)]


def _lines(texts: list[str]) -> list[str]:
    """Line ends as they are stored; blanks at the ends do not count."""
    return [text.replace("\r\n", "\n").strip() for text in texts]


def _read(text: str) -> Values | None:
    if not text:
        return None
    try:
        values = orjson.loads(text)
        return {str(name): [str(one) for one in given] for name, given in values.items()}
    except (orjson.JSONDecodeError, AttributeError, TypeError):
        return None


def _changes(form: forms.Form, seen: Values, now: Values, more: Iterable[str]) -> list[Changed]:
    changes = []
    for bound in form:
        name = bound.html_name
        if not bound.is_hidden and name in now and seen.get(name) != now[name]:
            changes.append(Changed(str(bound.label), _shown(bound, seen.get(name, [])), _shown(bound, now[name])))
    table = list(more)
    if len(table) > 1 and any(seen.get(name) != now[name] for name in table):
        changes.append(Changed(_("Rows"), _table(seen, table), _table(now, table)))
    return changes


def _table(values: Values, names: Iterable[str]) -> str:
    """Rows of a table of fields in one line; those that only wait to be filled in are left out."""
    rows = zip(*(values.get(name, []) for name in names), strict=False)
    return "; ".join(" ".join(cells) for cells in rows if cells[0]) or "–"


def _shown(bound: forms.BoundField, values: list[str]) -> str:
    """A value as people read it: a choice by its label, a tick as yes or no."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return str(_("yes") if values else _("no"))
    labels: dict[str, str] = {}
    for key, label in getattr(bound.field, "choices", ()):
        pairs = label if isinstance(label, list | tuple) else [(key, label)]
        labels.update({str(one): str(text).strip() for one, text in pairs})
    return ", ".join(labels.get(one, one)[:MOST_TEXT] for one in values if one) or "–"


def one_at_a_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form is saved by one person at a time: who comes second reads what the first one saved."""

    @wraps(view)
    def alone(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **named)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"form:{request.path}"])
            return view(request, *args, **named)

    return alone


def kept(
    request: HttpRequest,
    form: Kind,
    deed: Callable[[dict[str, Any]], str],
    *,
    refuse: Callable[[Kind, Refusal], None] = refuse_field,
) -> HttpResponse | None:
    """Do a sent form's deed once and go where it says.

    None: the form is to be shown again. It was overtaken, is not valid, or was refused, which `refuse` tells on it.
    """
    if overtaken(form) or not form.is_valid():
        return None
    try:
        return once(request, lambda: deed(form.cleaned_data))
    except Refusal as refusal:
        refuse(form, refusal)
    return None
