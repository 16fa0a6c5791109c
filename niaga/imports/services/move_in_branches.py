from typing import Any

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.imports.queries.keys import load_keys
from niaga.imports.services.staged import Run, staged_rows
from niaga.organization.services.create_branch import create_branch

MOST = 20_000


def move_in_branches(run: Run) -> dict[str, Any]:
    """Open the branches of the staged rows; codes that exist are refused."""
    taken = set(load_keys(run.company_id).branches)
    found: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    created = 0
    for cells in staged_rows(run, found):
        for one in cells:
            before = len(found)
            code = one.text("code")
            if code.casefold() in seen:
                one.fault("code", "twice", code)
            elif code.casefold() in taken:
                one.fault("code", "exists", code)
            seen.add(code.casefold())
            facts: dict[str, Any] = {
                "name": one.text("name"),
                "zone": one.text("zone"),
                "is_store": one.yes("is_store"),
                "street": one.text("street"),
                "city": one.text("city"),
                "phone": one.text("phone"),
            }
            if len(found) > before:
                continue
            try:
                with transaction.atomic():
                    create_branch(
                        company_id=run.company_id, code=code, import_batch_id=run.batch_id, by=run.by, at=run.at,
                        **facts,
                    )  # fmt: skip
                created += 1
            except Refusal as refusal:
                one.fault(refusal.field or "code", "refused", str(refusal.message))
        run.find_all(found)
        found.clear()
    return {"created": created}
