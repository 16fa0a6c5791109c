from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, NotFound
from niaga.organization.models import Company, Team, Territory


class BelowItself(Invalid):
    """A tree has no circles."""

    code = "below_itself"
    text = _("It cannot hang below itself.")


def check_place(
    model: type[Team | Territory], *, company_id: UUID, node_id: UUID | None, parent_id: UUID | None
) -> None:
    """Whether a node of a company's tree (None: a new one) may hang below `parent_id`; until the transaction ends
    nobody else changes a tree of the company.

    :raises NotFound: the node, or its parent, is not this company's
    :raises BelowItself: the parent is the node, or hangs below it
    """
    Company.objects.select_for_update().get(pk=company_id)
    parents: dict[UUID, UUID | None] = dict(
        model._default_manager.filter(company_id=company_id).values_list("id", "parent_id")
    )
    if node_id is not None and node_id not in parents:
        raise NotFound()
    if parent_id is not None and parent_id not in parents:
        raise NotFound(field="parent_id")
    above = parent_id
    while above is not None:
        if above == node_id:
            raise BelowItself(field="parent_id")
        above = parents.get(above)
