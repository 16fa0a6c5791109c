"""`{% load ui %}`: assets, icons, numbers, money, dates, form tokens, addresses."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from niaga.core.ids import new_id
from niaga.core.money import Money
from niaga.ui import assets, formatting
from niaga.ui.registry.frame import initials as initials_of

register = template.Library()


@register.simple_tag
def asset(name: str) -> SafeString:
    """The link and script elements of a front-end entry: `{% asset "app" %}`, `{% asset "charts" %}`."""
    found = assets.entry(name)
    return mark_safe(  # noqa: S308 (own hashed file names)
        "".join(
            [
                *(
                    f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{url}">'
                    for url in found["fonts"]
                ),
                *(f'<link rel="stylesheet" href="{url}">' for url in found["styles"]),
                *(f'<link rel="modulepreload" href="{url}">' for url in found["preloads"]),
                *(f'<script type="module" src="{url}"></script>' for url in found["scripts"]),
            ]
        )
    )


@register.simple_tag(name="icon")
def icon_tag(name: str, small: bool | str = False, label: str = "") -> SafeString:
    """A Lucide icon: `{% icon "truck" %}`; with `label` it speaks, else it is decoration."""
    return icon(name, small=bool(small), label=label)


def icon(name: str, *, small: bool = False, label: str = "") -> SafeString:
    return _icon(name, small, label, assets.sprite()) if name else SafeString("")


@lru_cache(maxsize=1024)
def _icon(name: str, small: bool, label: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        "icon s" if small else "icon",
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        sprite,
        name,
    )


@register.simple_tag
def chip(label: Any, tone: str = "", icon_name: str = "", pill: bool | str = False) -> SafeString:
    """A status as a small coloured word with an icon: `{% chip _("Sent") "calm" "send" %}`."""
    return chip_html(label, tone, icon_name, pill=bool(pill))


def chip_html(label: Any, tone: str = "", icon_name: str = "", *, pill: bool = False) -> SafeString:
    return _chip(str(label), tone, icon_name, pill, assets.sprite())


@lru_cache(maxsize=2048)
def _chip(label: str, tone: str, icon_name: str, pill: bool, sprite: str) -> SafeString:
    shape = '<span class="chip {}{}">{}{}</span>'
    return format_html(shape, tone, " pill" if pill else "", icon(icon_name), label)


@register.simple_tag(name="picture")
def picture_html(address: str, name: Any) -> SafeString:
    """A small picture beside the name of what it shows; without an `address` its quiet place."""
    if not address:
        return format_html('<span class="pic" aria-hidden="true">{}</span>', icon("image"))
    shape = '<span class="pic"><img src="{}" alt="{}" width="40" height="40" loading="lazy" decoding="async"></span>'
    return format_html(shape, address, gettext("Picture of %(name)s") % {"name": name})


@register.filter
def money(value: Decimal | Money | None, currency: str = "") -> str:
    """`{{ total|money:"IDR" }}` or `{{ invoice.total|money:invoice.currency }}`; a Money needs no currency."""
    return formatting.money(value, currency)


@register.filter
def money_short(value: Decimal | Money | None, currency: str = "") -> str:
    return formatting.money_short(value, currency)


@register.filter
def amount(value: Decimal | None, currency: str = "IDR") -> str:
    """Without the symbol, for columns: `1.234.567`."""
    return formatting.amount(value, currency)


@register.filter
def headline(value: Decimal | Money | None, currency: str = "") -> SafeString:
    """Money for a figure: the symbol small before the number."""
    return format_html("<small>{}</small>{}", *formatting.headline(value, currency))


@register.filter
def number(value: Decimal | int | None, digits: int | None = None) -> str:
    return formatting.number(value, digits)


@register.filter
def quantity(value: Decimal | None, unit: str = "") -> str:
    return formatting.quantity(value, unit)


@register.filter
def percent(value: Decimal | None, digits: int | None = None) -> str:
    return formatting.percent(value, digits)


@register.filter
def day(value: date | datetime | None) -> str:
    return formatting.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    return formatting.moment(value)


@register.filter
def ago(value: datetime | None) -> SafeString:
    """`10 minutes ago`, with the full moment as the machine's and the pointer's."""
    if value is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), formatting.moment(value), formatting.ago(value)
    )


@register.filter
def initials(name: str) -> str:
    return initials_of(str(name))


@register.simple_tag
def form_token() -> SafeString:
    """A hidden key that makes the form's deed happen once, however often it is sent; see `niaga.ui.forms.once`."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', new_id())


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: Any) -> str:
    """This page's address with some of its query changed: `{% here page=2 %}`; None or "" takes a part away."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


@register.simple_tag
def bar(share: Decimal | int, mark: Decimal | int | None = None, tone: str = "", label: str = "") -> SafeString:
    """A progress bar of `share` percent with an optional mark; an SVG, so that no inline style is needed."""
    width = min(max(Decimal(str(share)), Decimal(0)), Decimal(100))
    at = format_html('<rect class="mark" x="{}" width="0.7" height="6"></rect>', mark) if mark not in (None, "") else ""
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect width="{}" height="6"></rect>{}</svg>',
        tone,
        label or formatting.percent(width, 0),
        width,
        at,
    )


@register.filter
def attributes(values: dict[str, Any]) -> SafeString:
    """A dict as HTML attributes: True stands alone, None and False are left out."""
    return format_html_join(
        "",
        " {}{}",
        (
            (name, "" if value is True else format_html('="{}"', conditional_escape(value)))
            for name, value in values.items()
            if value is not None and value is not False
        ),
    )


@register.filter
def get(values: Any, key: Any) -> Any:
    """`{{ mapping|get:key }}`"""
    try:
        return values.get(key)
    except AttributeError:
        return None


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)
