from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.documents.rules.choose_template import Scope
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS, usual_blocks
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.choose_templates import choose_templates
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.save_template import create_template
from niaga.organization.access import Actor

NAME = "Nusa Modern"
_CLOSING = {
    PrintKind.QUOTATION: {
        "id": "Terima kasih atas kepercayaan {{customer.name}}. Penawaran ini berlaku sampai {{valid_until}}.",
        "en": "Thank you for your trust, {{customer.name}}. This offer holds until {{valid_until}}.",
    },
    PrintKind.INVOICE: {
        "id": "Terima kasih telah berbelanja di {{company.name}}.",
        "en": "Thank you for your business with {{company.name}}.",
    },
    PrintKind.DELIVERY_NOTE: {
        "id": "Periksa barang saat diterima; kekurangan dilaporkan paling lambat 1 × 24 jam.",
        "en": "Please check the goods on arrival; report what is missing within 24 hours.",
    },
}
_CODED = (PrintKind.QUOTATION, PrintKind.INVOICE)


def open_demo_papers(*, company_id: UUID, by: Actor, at: datetime) -> None:
    """The company's own look on all its papers, with the code of the customer's page on offers and invoices."""
    chosen: dict[str, UUID | None] = {}
    for kind in TEMPLATE_KINDS:
        design: dict[str, Any] = {"layout": "modern", "accent": "#0b5563", "margin": 16}
        if kind in _CLOSING:
            design["texts"] = {"closing": _CLOSING[kind]}
        if kind in _CODED:
            blocks = list(usual_blocks(kind))
            blocks.insert(blocks.index("signatures"), "link")
            design["blocks"] = blocks
        made = create_template(company_id=company_id, kind=kind, name=NAME, design=design, by=by, at=at)
        publish_template(template_id=made, by=by, at=at)
        chosen[kind] = made
    choose_templates(company_id=company_id, scope=Scope.COMPANY, scope_id=company_id, chosen=chosen, by=by, at=at)
