"""What the customer's page of a document takes over from its paper: the colour of its template and the logo."""

import base64
from dataclasses import dataclass
from uuid import UUID

from niaga.documents.queries.templates import design_of, version_of
from niaga.documents.rules.print_document import PrintKind


@dataclass(frozen=True, slots=True)
class PublicLook:
    """`accent` is empty without a template; `logo` is an address of its own, for `img`."""

    accent: str
    logo: str


def public_look(
    kind: PrintKind, *, company_id: UUID, customer_id: UUID | None, branch_id: UUID | None = None,
    channel_id: UUID | None = None, logo: bytes | None = None,
) -> PublicLook:  # fmt: skip
    """One statement."""
    version = version_of(
        kind, company_id=company_id, customer_id=customer_id, branch_id=branch_id, channel_id=channel_id
    )  # fmt: skip
    accent = design_of(version, kind).accent if version else ""
    media = "png" if logo is not None and logo.startswith(b"\x89PNG") else "jpeg"
    address = f"data:image/{media};base64,{base64.b64encode(logo).decode()}" if logo is not None else ""
    return PublicLook(accent, address)
