"""The living style page `/ui/` (only with DEBUG): every component, for the eye, for screenshots and for axe."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def style(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/style.html", {"title": "Style"})
