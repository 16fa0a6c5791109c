"""What a document page tells about its customer: each app adds its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.core.queries.together import Question, ask
from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class PanelFact:
    """A line of the panel: `Credit left` · `Rp 88.000.000`; `url` opens what it counts, `tone` warns."""

    label: str | Promise
    value: str
    url: str = ""
    tone: str = ""


Facts = Mapping[UUID, Sequence[PanelFact]]

# facts(request, customer_ids) -> the facts of each customer, or the question that tells them; called once for all
PanelSource = Callable[[HttpRequest, Sequence[UUID]], Question[Facts] | Facts]

customer_panel: Contributions[PanelSource] = Contributions()


def panel_questions(request: HttpRequest, customer_ids: Sequence[UUID]) -> list[Question[Facts] | Facts]:
    """What each contribution asks, in their order."""
    return [source(request, customer_ids) for _name, source in customer_panel] if customer_ids else []


def panels_told(customer_ids: Sequence[UUID], told: Sequence[Facts]) -> dict[UUID, list[PanelFact]]:
    """The facts of each customer in the order of the contributions."""
    facts: dict[UUID, list[PanelFact]] = {customer_id: [] for customer_id in customer_ids}
    for one in told:
        for customer_id, found in one.items():
            facts[customer_id].extend(found)
    return facts


def customer_panels(request: HttpRequest, customer_ids: Sequence[UUID]) -> dict[UUID, list[PanelFact]]:
    """The facts of each customer; one statement however many contributions there are."""
    return panels_told(customer_ids, ask(*panel_questions(request, customer_ids)))
