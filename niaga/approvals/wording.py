"""Rules, steps and figures in words, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.approvals.rules.chain import Seat
from niaga.approvals.rules.condition import FIELDS, Group, Kind, Op, Test, read_condition
from niaga.ui import formatting

FIELD_WORDS = {
    "order_value": gettext_lazy("Order value"),
    "discount_percent": gettext_lazy("Discount"),
    "margin_percent": gettext_lazy("Margin"),
    "line_margin_percent": gettext_lazy("Least margin of a line"),
    "margin": gettext_lazy("Margin in money"),
    "below_cost": gettext_lazy("Sold below cost"),
    "below_floor": gettext_lazy("Below the price floor by"),
    "below_floor_percent": gettext_lazy("Furthest below the price floor"),
    "payment_term_days": gettext_lazy("Payment term"),
    "credit_over_by": gettext_lazy("Over the credit limit by"),
    "exposure": gettext_lazy("Owed by the customer"),
    "customer_group": gettext_lazy("Customer group"),
    "team": gettext_lazy("Team"),
    "territory": gettext_lazy("Territory"),
    "channel": gettext_lazy("Channel"),
}
OP_WORDS = {
    Op.ABOVE: gettext_lazy("above"),
    Op.AT_LEAST: gettext_lazy("at least"),
    Op.BELOW: gettext_lazy("below"),
    Op.AT_MOST: gettext_lazy("at most"),
    Op.IS: gettext_lazy("is"),
}
Names = Mapping[str, str]
"""Names of what is chosen, by key."""


def condition_words(condition: Group | Mapping[str, Any], currency: str, names: Names) -> str:
    """`Discount above 10 % and order value above Rp 5.000.000`."""
    group = condition if isinstance(condition, Group) else read_condition(condition)
    said = _group(group, currency, names, inner=False)
    return said[:1].upper() + said[1:]


def _group(group: Group, currency: str, names: Names, *, inner: bool) -> str:
    """Cases stand apart by a comma; what must hold of several, in brackets."""
    in_cases = group.any and any(isinstance(part, Group) and len(part.parts) > 1 for part in group.parts)
    parts = [
        _group(part, currency, names, inner=not in_cases)
        if isinstance(part, Group)
        else test_words(part, currency, names)
        for part in group.parts
    ]
    said = (_(", or ") if in_cases else _(" or ") if group.any else _(" and ")).join(parts)
    return f"({said})" if inner and len(parts) > 1 else said


def test_words(test: Test, currency: str, names: Names) -> str:
    """One comparison, to stand inside a sentence."""
    label = str(FIELD_WORDS[test.field])
    label = label[:1].lower() + label[1:]
    kind = FIELDS[test.field].kind
    if kind is Kind.FLAG:
        said = label
    elif kind is Kind.CHOICE:
        chosen = sorted(names.get(key, _("something that is gone")) for key in test.value)
        said = f"{label} {_(' or ').join(chosen)}"
    else:
        said = f"{label} {OP_WORDS[test.op]} {figure_words(test.field, test.value, currency)}"
    return _("%(said)s, or not known") % {"said": said} if test.unknown else said


def figure_words(field: str, value: Any, currency: str, names: Names | None = None) -> str:
    """A figure as people read it."""
    if value is None:
        return _("not known")
    kind = FIELDS[field].kind
    if kind is Kind.CHOICE:
        return ", ".join((names or {}).get(key, key) for key in value)
    figure = Decimal(value)
    if kind is Kind.PERCENT:
        return formatting.percent(figure.quantize(Decimal("0.1")).normalize() + 0)
    if kind is Kind.DAYS:
        return ngettext("%(days)d day", "%(days)d days", int(figure)) % {"days": int(figure)}
    return formatting.money(figure, currency)


def scope_words(
    *, team: str = "", territory: str = "", least: Decimal | None = None, most: Decimal | None = None, currency: str
) -> str:
    """`team Surabaya, from Rp 5.000.000`; empty when it is for everything."""
    said = []
    if team:
        said.append(_("team %(name)s") % {"name": team})
    if territory:
        said.append(_("in %(name)s") % {"name": territory})
    if least is not None:
        said.append(_("from %(amount)s") % {"amount": formatting.money(least, currency)})
    if most is not None:
        said.append(_("below %(amount)s") % {"amount": formatting.money(most, currency)})
    return ", ".join(said)


def approver_words(one: Mapping[str, Any], names: Names, roles: Names) -> str:
    """Whom a step names: a person, the manager of the seller's team, a role."""
    if one["seat"] == Seat.MANAGER:
        return _("the seller's manager")
    if one["seat"] == Seat.ROLE:
        return roles.get(one["key"], one["key"])
    return names.get(one["key"], _("somebody who is gone"))


def step_words(step: Mapping[str, Any], names: Names, roles: Names) -> str:
    """`Maya and Budi`, `one of Maya, Budi`."""
    return joined([approver_words(one, names, roles) for one in step["approvers"]], all_of=step["mode"] == "all")


def joined(people: Sequence[str], *, all_of: bool) -> str:
    return (_(" and ") if all_of else _(" or ")).join(people)


def chain_words(steps: Iterable[Mapping[str, Any]], names: Names, roles: Names) -> str:
    """`the seller's manager → Owner`."""
    return " → ".join(step_words(step, names, roles) for step in steps)


def frozen_rule_words(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The rules of a request as they were: `name`, and `words` of what held."""
    return [
        {"name": one["name"], "words": condition_words(one["condition"], one["currency"], one.get("names", {}))}
        for one in rules
    ]
