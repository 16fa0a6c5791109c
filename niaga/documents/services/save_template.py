from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.documents.errors import InvalidDesign
from niaga.documents.models import PaperTemplate
from niaga.documents.queries.templates import template_for
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write


@transaction.atomic
def create_template(
    *, company_id: UUID, kind: str, name: str, design: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> UUID:
    """A new template of one kind of document, as a draft; without a design it looks as papers do without a template.

    :raises Forbidden: `by` may not manage settings
    :raises Invalid: no such kind
    :raises InvalidDesign: something in the design cannot be
    :raises AlreadyTaken: the company has another one of this kind and name
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if kind not in TEMPLATE_KINDS:
        raise Invalid(field="kind")
    values = {"company_id": company_id, "kind": kind, "name": name, "draft": checked_design(kind, design or {})}
    batch = Batch()
    made = add_row(
        batch=batch, model=PaperTemplate, kind="paper_template", values=values, by=by.id, at=at, company_id=company_id
    )
    write(batch, unique={"one_template_name": "name"})
    return made


@transaction.atomic
def save_template(
    *, template_id: UUID, name: str | None = None, design: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> PaperTemplate:
    """Keep the draft. No paper changes before it is published.

    :raises NotFound: no such template, or none of the person's company
    :raises Forbidden: `by` may not manage settings
    :raises InvalidDesign, AlreadyTaken: see `create_template`
    """
    template = template_for(template_id=template_id, by=by, change=True)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = name
    if design is not None:
        values["draft"] = checked_design(template.kind, design)
    batch = Batch()
    change_row(
        batch=batch, row=template, kind="paper_template", values=values, by=by.id, at=at, company_id=template.company_id
    )
    write(batch, unique={"one_template_name": "name"})
    return template


def checked_design(kind: str, design: Mapping[str, Any]) -> dict[str, Any]:
    """:raises InvalidDesign: names every field in error"""
    read, faults = read_design(PrintKind(kind), design)
    if faults:
        raise InvalidDesign.of(faults)
    return PaperDesign.as_data(read)
