"""Ctrl+K's answers as a fragment."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from niaga.ui.context import Frame
from niaga.ui.registry import search_everything

LONGEST = 100


@login_required
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:LONGEST]
    commands, groups = search_everything(request, query)
    lowered = query.lower()
    places = [place for place in Frame(request, badges=False).places if lowered in str(place.label).lower()]
    exact = [group for group in groups if any(hit.title.lower() == lowered for hit in group.hits)]
    context = {
        "exact": exact, "commands": commands, "groups": [group for group in groups if group not in exact],
        "places": places[: 12 if not query else 4], "query": query,
    }  # fmt: skip
    return render(request, "ui/parts/found.html", context)
