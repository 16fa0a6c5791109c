import re
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from niaga.core.errors import NotFound
from niaga.imports.services.found_company import found_company
from niaga.organization.access import SYSTEM
from niaga.organization.queries.users import nobody_yet
from niaga.organization.services.add_member import add_member

_TURN = 7_411_002
"""Advisory lock: of two people who begin at once, one does."""


def code_of(name: str) -> str:
    """A short code from a company's name: `PT Nusa Kopi` is `NUSA`."""
    words = [word for word in re.findall(r"[A-Za-z0-9]+", name) if word.upper() not in ("PT", "CV", "UD", "TBK")]
    return (words[0] if words else "MAIN").upper()[:10]


@transaction.atomic
def begin_company(
    *, name: str, username: str, owner: str, email: str, password: str, language: str, at: datetime, **profile: Any
) -> Any:
    """Found the first company of an empty installation, with its owner. Returns the owner.

    It asks nobody's right, so it works only while there is neither a company nor a person.

    :raises NotFound: somebody works here already
    :raises BadValue: a name, address, password or tax number that will not do
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
    if not nobody_yet():
        raise NotFound()
    company_id = found_company(code=code_of(name), name=name, language=language, by=SYSTEM, at=at, **profile)
    return add_member(
        company_id=company_id, username=username, name=owner, email=email, password=password, language=language,
        role="owner", by=SYSTEM, at=at,
    )  # fmt: skip
