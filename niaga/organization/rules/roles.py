"""What can be done in Niaga, and the roles a new company starts with. Pure: `organization.access` reads it.

`ACTIONS` is the whole vocabulary of rights: every kind of thing with the actions that make sense for it. A pair that is
not here cannot be granted nor asked for; a new verb adds its pair here, and to the roles that may do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """Whose documents a grant reaches, from narrow to wide. Each includes the person's own."""

    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    ALL = "all"


WIDTH = {reach.value: width for width, reach in enumerate(Reach)}

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "customer": ("view", "create", "change", "archive", "credit", "undo", "export"),
    "product": ("view", "create", "change", "archive", "see_cost", "undo", "export"),
    "price_list": ("view", "create", "change", "archive", "undo", "export"),
    "loyalty": ("view", "change", "adjust", "export"),
    "quotation": ("view", "create", "change", "archive", "discard", "send", "accept", "cancel", "undo", "export"),
    "order": (
        "view", "create", "change", "archive", "discard", "send", "confirm", "amend", "cancel", "undo", "export"
    ),
    "delivery": (
        "view", "create", "change", "discard", "send", "ship", "drive", "deliver", "cancel", "undo", "export"
    ),
    "stock": ("view", "create", "change", "archive", "record", "discard", "cancel", "reverse", "undo", "export"),
    "invoice": (
        "view", "create", "change", "discard", "issue", "credit", "write_off", "waive", "send", "cancel", "undo",
        "export",
    ),
    "payment": (
        "view", "create", "change", "record", "allocate", "reverse", "refund", "cancel", "send", "undo", "export"
    ),
    "bank": ("view", "record", "reverse", "manage", "export"),
    "return": ("view", "create", "price", "decide", "receive", "inspect", "settle", "cancel", "export"),
    "portal": ("view", "invite", "answer", "export"),
    "tax_filing": ("view", "create", "record", "export"),
    "exchange_rate": ("view", "record"),
    "ledger": ("view", "export"),
    "period": ("view", "close"),
    "historical_sale": ("view", "export"),
    "approval": ("view", "decide", "manage", "export"),
    "email": ("view", "create", "send", "cancel"),
    "import": ("view", "create", "undo", "export"),
    "report": ("view", "export"),
    "setting": ("view", "change", "manage"),
    "user": ("view", "create", "change", "archive", "manage"),
}  # fmt: skip
KINDS = tuple(ACTIONS)

# Kinds whose rows belong to a branch and a salesperson (an e-mail: to who wrote it).
# The others are the whole company's: their reach is `all`.
BY_PERSON = frozenset(
    {
        "customer",
        "quotation",
        "order",
        "delivery",
        "invoice",
        "payment",
        "return",
        "portal",
        "historical_sale",
        "email",
        "approval",
    }
)
BY_BRANCH = BY_PERSON | {"stock"}


def reaches(kind: str) -> tuple[Reach, ...]:
    """The reaches that a grant on `kind` can have."""
    if kind in BY_PERSON:
        return tuple(Reach)
    return (Reach.BRANCH, Reach.ALL) if kind in BY_BRANCH else (Reach.ALL,)


def check_right(kind: str, action: str) -> None:
    """:raises ValueError: no such right exists, so the question itself is a mistake"""
    if action not in ACTIONS.get(kind, ()):
        raise ValueError(f"there is no right {kind}.{action}: add it to niaga/organization/rules/roles.py")


@dataclass(frozen=True, slots=True)
class StandardRole:
    """A role that every company starts with. `grants` maps (kind, action) to the reach."""

    code: str
    name: str
    grants: Mapping[tuple[str, str], Reach]


def _grants(reach: Reach, rights: str) -> dict[tuple[str, str], Reach]:
    """Read `customer: view create; order: view` as grants; `*` is every action of the kind.

    The reach is narrowed to what the kind knows: a product is the whole company's.
    """
    grants: dict[tuple[str, str], Reach] = {}
    for part in rights.split(";"):
        kind, _, names = part.partition(":")
        kind = kind.strip()
        actions = ACTIONS[kind] if names.strip() == "*" else tuple(names.split())
        for action in actions:
            check_right(kind, action)
            grants[kind, action] = reach if reach in reaches(kind) else Reach.ALL
    return grants


_SELLS = """
    customer: view create change export; quotation: view create change discard send accept cancel undo export;
    order: view create change discard send confirm amend cancel undo export
"""
_READS = "product: view; price_list: view; loyalty: view; stock: view; setting: view; user: view; exchange_rate: view"
_MAILS = "email: view create send cancel"
_EVERYTHING = {(kind, action): Reach.ALL for kind, actions in ACTIONS.items() for action in actions}


def _role(code: str, name: str, *parts: Mapping[tuple[str, str], Reach]) -> StandardRole:
    """Later parts override earlier ones."""
    grants: dict[tuple[str, str], Reach] = {}
    for part in parts:
        grants.update(part)
    return StandardRole(code, name, grants)


STANDARD_ROLES: Mapping[str, StandardRole] = {
    role.code: role
    for role in (
        _role(
            "salesperson",
            "Salesperson",
            _grants(Reach.ALL, f"{_READS}; report: view"),
            _grants(
                Reach.OWN,
                f"{_SELLS}; {_MAILS}; approval: view; delivery: view; invoice: view send; payment: view;"
                " historical_sale: view; return: view create cancel; portal: view invite answer",
            ),
        ),
        _role(
            "sales_manager",
            "Sales manager",
            _grants(
                Reach.ALL,
                f"{_READS}; report: view export; product: view see_cost export; price_list: view export;"
                " loyalty: view adjust export",
            ),
            _grants(Reach.TEAM, f"{_SELLS}; {_MAILS}; approval: view decide export"),
            _grants(
                Reach.TEAM,
                "customer: view create change archive undo export; delivery: view export; invoice: view send export;"
                " payment: view export; historical_sale: view export; return: view create price decide"
                " cancel export; portal: *",
            ),
        ),
        _role(
            "sales_admin",
            "Sales admin",
            _grants(
                Reach.ALL,
                f"{_READS}; report: view export; import: view create; {_SELLS}; {_MAILS}; approval: view export",
            ),
            _grants(
                Reach.ALL,
                "customer: view create change archive undo export; product: view create change archive undo export;"
                " price_list: view create change export; loyalty: view change adjust export;"
                " delivery: view create change discard send cancel undo export;"
                " invoice: view create change discard send undo export; payment: view; historical_sale: view export;"
                " return: view create decide cancel export; portal: *",
            ),
        ),
        _role(
            "warehouse",
            "Warehouse",
            _grants(
                Reach.ALL,
                "customer: view; product: view; stock: view export; setting: view; user: view",
            ),
            _grants(Reach.OWN, _MAILS),
            _grants(
                Reach.BRANCH,
                "order: view; delivery: view create change discard ship drive deliver cancel undo export;"
                " stock: create change record discard cancel reverse undo; return: view receive inspect",
            ),
        ),
        _role(
            "finance",
            "Finance",
            _grants(
                Reach.ALL,
                f"{_READS}; {_MAILS}; report: view export; product: view see_cost; customer: view change credit export;"
                " quotation: view export; order: view export; delivery: view export; invoice: *; payment: *;"
                " bank: *; tax_filing: *; exchange_rate: *; ledger: *; period: *; historical_sale: view export;"
                " return: view price decide settle cancel export; portal: *;"
                " import: view create; approval: view decide export",
            ),
        ),
        _role(
            "cashier",
            "Cashier",
            _grants(
                Reach.ALL,
                "product: view; price_list: view; loyalty: view; stock: view; setting: view; customer: view create",
            ),
            _grants(Reach.OWN, _MAILS),
            _grants(
                Reach.BRANCH,
                "order: view create change discard confirm undo; delivery: view create ship deliver;"
                " invoice: view create issue send; payment: view record; return: view create",
            ),
        ),
        _role("driver", "Driver", _grants(Reach.OWN, "delivery: drive")),
        _role("owner", "Owner", _EVERYTHING),
        _role("administrator", "Administrator", _EVERYTHING),
        _role(
            "auditor",
            "Auditor",
            {(kind, action): Reach.ALL for kind, action in _EVERYTHING if action in ("view", "export", "see_cost")},
        ),
    )
}
