"""Escaping where a page has thousands of texts: Django's own asks of every argument whether it is lazy."""

import html
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def escaped(value: Any) -> SafeString:
    """The value as HTML; what is marked safe stays as it is. The same answer as `conditional_escape`."""
    if type(value) is str:
        return SafeString(html.escape(value))
    return conditional_escape(value)
