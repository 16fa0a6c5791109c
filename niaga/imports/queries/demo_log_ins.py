"""Who can log in to the demo company."""

from niaga.imports.rules.demo_world import COMPANY, PASSWORD, PEOPLE
from niaga.organization.queries.companies import company_exists

_SHOWN = (
    "owner", "administrator", "sales_manager", "salesperson", "sales_admin", "warehouse", "driver", "finance", "auditor"
)  # fmt: skip


def demo_log_ins() -> list[dict[str, str]]:
    """Role, log-in and password of one person of each role; none where the demo company is not."""
    if not company_exists(code=COMPANY["code"], legal_name=COMPANY["legal_name"]):
        return []
    by_role = {person.role: person for person in reversed(PEOPLE)}
    return [
        {"role": role, "username": by_role[role].username, "password": PASSWORD, "name": by_role[role].name}
        for role in _SHOWN
    ]
