"""What a person needs to move a kind in, beside the right to import at all."""

from __future__ import annotations

RIGHTS: dict[str, tuple[str, str]] = {
    "branches": ("setting", "manage"),
    "customers": ("customer", "create"),
    "products": ("product", "create"),
    "prices": ("price_list", "create"),
    "stock": ("stock", "create"),
    "sales": ("import", "create"),
    "tax_serials": ("tax_filing", "record"),
}


def rights_of(kind: str, *, update: bool) -> list[tuple[str, str]]:
    """The rights that an import of the kind takes; with `update` also to change what is there."""
    right = RIGHTS[kind]
    return [("import", "create"), right, *([(right[0], "change")] if update else [])]
