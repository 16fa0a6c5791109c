from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.documents.rules.choose_template import Scope
from niaga.documents.services.set_template_default import set_template_default
from niaga.organization.access import Actor


@transaction.atomic
def choose_templates(
    *, company_id: UUID, scope: Scope, scope_id: UUID, chosen: Mapping[str, UUID | None], by: Actor, at: datetime
) -> None:
    """Say by kind which templates make the papers of a company, branch, channel or customer; all or none.

    :raises Refusal: see `set_template_default`
    """
    for kind, template_id in chosen.items():
        set_template_default(
            company_id=company_id, kind=kind, scope=scope, scope_id=scope_id, template_id=template_id, by=by, at=at
        )
