"""Making differences true of a list: now, later, or the way back. The caller holds the lock of the list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.errors import BadRules, CannotHold
from niaga.pricing.models import WHOM, PriceList, PriceListRule, Promotion
from niaga.pricing.queries.difference_names import HEADS
from niaga.pricing.queries.differences_of import parts_now
from niaga.pricing.queries.subjects import Subject, kind_of
from niaga.pricing.rules.differences import Differences, PriceKey, data_tells_cost
from niaga.pricing.services._checked import HOURS, checked_dates, checked_hours, checked_whom
from niaga.pricing.services._promotion_checks import checked_promotion
from niaga.pricing.services._promotion_limits import not_below_what_is_used
from niaga.pricing.services._promotion_rows import replace_parts, write_promotion
from niaga.pricing.services._promotion_state import said_by
from niaga.pricing.services._publication import note_publication
from niaga.pricing.services._rules import RulesCheck, lock_book, rules_from
from niaga.pricing.services.archive_price_list import refuse_gaps
from niaga.pricing.services.create_price_list import UNIQUE
from niaga.pricing.services.set_prices import write_entries

TOLD = 20
"""So many faults are spelled out."""


def carry_out(
    *,
    batch: Batch,
    found: Subject,
    differences: Differences,
    kind: str,
    by: Actor,
    at: datetime,
    change_id: UUID | None = None,
    reverses_id: UUID | None = None,
    note: str = "",
) -> UUID:
    """Check all of it, write all of it with the batch, and keep both ways. Returns the key of the publication.

    `differences` begin at what it says now. The same few statements however many prices.

    :raises CannotHold: what it would become cannot be; `lines` say why
    :raises Forbidden: it bases prices on cost, and `by` may not see cost
    :raises AlreadyTaken: another list has the code by now
    """
    lock_what_it_takes(found, differences)
    written = checked(found, differences, by=by)
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    if "archived_at" in heads and heads["archived_at"] is None:
        heads["unpublished"] = False
    publication_id = note_publication(
        batch=batch, found=found, differences=differences, kind=kind, by=by.pk, at=at, change_id=change_id,
        reverses_id=reverses_id, note=note,
    )  # fmt: skip
    told = {"publication": str(publication_id), "heads": len(differences.heads), "prices": len(differences.prices)}
    record(
        batch=batch, subject_kind=kind_of(found), subject_id=found.pk,
        verb="roll_back" if kind == "rollback" else "publish", by=by.pk, at=at, company_id=found.company_id,
        note=note, data=told,
    )  # fmt: skip
    values = {**heads, "version": found.version + 1}
    if isinstance(found, Promotion):
        write_promotion(batch, found, values, by=by, at=at)
        if differences.rules is not None:
            replace_parts(batch, found, *written.parts, before=differences.rules[0], by=by, at=at)
    else:
        _write_list(batch, found, differences, written.rules, values, by=by, at=at)
    write(batch, unique=UNIQUE)
    return publication_id


def _write_list(
    batch: Batch,
    found: PriceList,
    differences: Differences,
    rules: list[dict[str, Any]],
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    if differences.rules is not None:
        PriceListRule.objects.filter(price_list=found).delete()
        batch.insert(PriceListRule, rules)
    written = {key: after for key, (_was, after) in differences.prices.items() if after is not None}
    removed = {key for key, (_was, after) in differences.prices.items() if after is None}
    write_entries(batch, found, written, removed, None)
    change_row(batch=batch, row=found, kind="price_list", values=values, by=by.pk, at=at, company_id=found.company_id)


def lock_what_it_takes(found: Subject, differences: Differences) -> None:
    """Formulas, and lists that go out of use or come back, change one at a time in a company."""
    if isinstance(found, Promotion):
        return
    if differences.rules is not None or "archived_at" in differences.heads:
        lock_book(found.company_id)


class Checked(NamedTuple):
    """The rows to be written: formulas of a list, scopes and tiers of a promotion."""

    rules: list[dict[str, Any]] = []
    parts: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])


def checked(found: Subject, differences: Differences, *, by: Actor, lock: bool = True) -> Checked:
    """What is to be written, when all of it can be as things are now. Without `lock` for a page that only asks.

    :raises CannotHold, Forbidden: see `carry_out`
    """
    if isinstance(found, Promotion):
        return _promotion(found, differences, by=by, lock=lock)
    return _list(found, differences, by=by)


def _promotion(found: Promotion, differences: Differences, *, by: Actor, lock: bool) -> Checked:
    """Limits already passed by what is used stay refused: what was used is never touched."""
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    parts = differences.rules[1] if differences.rules is not None else parts_now(found.pk)
    try:
        values, scopes, tiers = checked_promotion(
            said_by(found, heads, parts), company_id=found.company_id, currency=found.currency, by=by
        )
        not_below_what_is_used(found, values, lock=lock)
    except (Invalid, NotFound) as refusal:
        raise CannotHold(lines=[_fault(one) for one in refusal.lines or [_told(refusal)]][:TOLD]) from refusal
    return Checked(parts=(scopes, tiers))


def _told(refusal: Refusal) -> dict[str, Any]:
    return {"field": refusal.field or "heads", "message": str(refusal.message)}


def _fault(line: Mapping[str, Any]) -> dict[str, Any]:
    """With the name of what it is about, as the sentences of a form's field do not say it."""
    name = HEADS.get(str(line["field"]))
    message = str(line["message"])
    return {"field": line["field"], "message": f"{name}: {message}" if name else message}


def _list(found: PriceList, differences: Differences, *, by: Actor) -> Checked:
    faults: list[dict[str, Any]] = []
    try:
        _heads(found, differences, by=by)
    except (Invalid, NotFound, WrongState) as refusal:
        faults.append({"field": refusal.field or "heads", "message": str(refusal.message)})
    faults += _prices(found, differences)
    rows: list[dict[str, Any]] = []
    if differences.rules is not None:
        rows, more = _rules(found, differences, by=by)
        faults += more
    if faults:
        raise CannotHold(lines=faults[:TOLD])
    return Checked(rows)


def _heads(found: PriceList, differences: Differences, *, by: Actor) -> None:
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    checked_dates(heads.get("valid_from", found.valid_from), heads.get("valid_to", found.valid_to))
    checked_hours(*(heads.get(name, getattr(found, name)) for name in HOURS))
    checked_whom(found.company_id, {name: heads[name] for name in WHOM if name in heads}, by=by)
    if "archived_at" in heads:
        restore = heads["archived_at"] is None
        if not (restore and differences.rules is not None):  # else its formulas are checked below
            refuse_gaps(found, restore=restore)


def _prices(found: PriceList, differences: Differences) -> list[dict[str, Any]]:
    """Products that are gone, and units they are no longer sold in. What goes away may go."""
    kept: list[PriceKey] = [key for key, (_was, after) in differences.prices.items() if after is not None]
    known = product_facts(company_id=found.company_id, ids={key[0] for key in kept})
    faults = []
    for product_id, unit_id, _least in kept:
        product = known.get(product_id)
        if product is None:
            faults.append({"field": "product", "message": _("A product that has a price here is gone.")})
        elif unit_id is not None and unit_id not in {unit.id for unit in product.units}:
            text = _("%(product)s is no longer sold in a unit that has a price here.")
            faults.append({"field": "unit", "message": text % {"product": product.name}})
    return faults


def _rules(
    found: PriceList, differences: Differences, *, by: Actor
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    assert differences.rules is not None
    before, after = differences.rules
    if not access_of(by).sees_cost and any(data_tells_cost(dict(one)) for one in after if one not in before):
        raise Forbidden(_("Only who may see cost can base prices on it."))
    check = RulesCheck(found, by)
    try:
        return check.rows(rules_from(after, check.unit_codes())), []
    except BadRules as refusal:
        places = refusal.lines or [{"line": 0, "message": str(refusal.message)}]
        text = _("Formula %(place)d: %(message)s")
        return [], [
            {"field": "rules", "message": text % {"place": one["line"], "message": one["message"]}} for one in places
        ]
