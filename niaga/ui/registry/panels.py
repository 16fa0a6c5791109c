"""What a document page tells about its customer: each app adds its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class PanelFact:
    """A line of the panel: `Credit left` · `Rp 88.000.000`; `url` opens what it counts, `tone` warns."""

    label: str | Promise
    value: str
    url: str = ""
    tone: str = ""


# facts(request, customer_ids) -> the facts of each customer; called once for all
PanelSource = Callable[[HttpRequest, Sequence[UUID]], Mapping[UUID, Sequence[PanelFact]]]

customer_panel: Contributions[PanelSource] = Contributions()


def customer_panels(request: HttpRequest, customer_ids: Sequence[UUID]) -> dict[UUID, list[PanelFact]]:
    """The facts of each customer in the order of the contributions; each contribution is called once."""
    facts: dict[UUID, list[PanelFact]] = {customer_id: [] for customer_id in customer_ids}
    if customer_ids:
        for _name, source in customer_panel:
            for customer_id, found in source(request, customer_ids).items():
                facts[customer_id].extend(found)
    return facts
