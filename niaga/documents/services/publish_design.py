from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.documents.models import TemplateVersion
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.save_template import save_template
from niaga.organization.access import Actor


@transaction.atomic
def publish_design(
    *, template_id: UUID, name: str, design: Mapping[str, Any], by: Actor, at: datetime
) -> TemplateVersion:
    """Keep the draft and publish it, both or neither.

    :raises Refusal: see `save_template` and `publish_template`
    """
    save_template(template_id=template_id, name=name, design=design, by=by, at=at)
    return publish_template(template_id=template_id, by=by, at=at)
