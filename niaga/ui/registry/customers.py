"""What apps above the customers add to a customer's page: sections of their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A line of a section: `detail` faint below the title, `value` at the right with its `tone` and `icon`.

    `links` are further addresses below, each with its words: a file to open.
    """

    title: str
    detail: str = ""
    value: str = ""
    url: str = ""
    tone: str = ""
    icon: str = ""
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class CustomerSection:
    """A card on the customer's page: what was agreed with them. `empty` is said when there are no rows."""

    key: str
    title: str | Promise
    rows: Sequence[CustomerRow]
    empty: str | Promise = ""
    more: str | Promise = ""
    more_url: str = ""


# section(request, customer_id) -> the card, or nothing; few statements, however many rows. Access to the customer is
# checked before.
CustomerSectionSource = Callable[[HttpRequest, UUID], CustomerSection | None]

customer_sections: Contributions[CustomerSectionSource] = Contributions()


def sections_of_customer(request: HttpRequest, customer_id: UUID) -> list[CustomerSection]:
    """The cards of every app, each asked once."""
    found = [source(request, customer_id) for _name, source in customer_sections]
    return [section for section in found if section is not None]
