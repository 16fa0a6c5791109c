"""Rules, steps and figures in words, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.approvals.rules.chain import Seat
from niaga.approvals.rules.condition import COMPARED, FIELDS, Group, Kind, Op, Test, read_condition
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
    "write_off": gettext_lazy("Written off of an invoice"),
    "refund_amount": gettext_lazy("Given back to a customer"),
    "undocumented_return": gettext_lazy("Returned without a document"),
    "customer_group": gettext_lazy("Customer group"),
    "team": gettext_lazy("Team"),
    "territory": gettext_lazy("Territory"),
    "channel": gettext_lazy("Channel"),
}
_MARGIN = (
    gettext_lazy("margin above %(value)s"), gettext_lazy("margin of %(value)s or more"),
    gettext_lazy("margin below %(value)s"), gettext_lazy("margin of %(value)s or less"),
)  # fmt: skip
OP_WORDS = {
    Op.ABOVE: gettext_lazy("above"),
    Op.AT_LEAST: gettext_lazy("at least"),
    Op.BELOW: gettext_lazy("below"),
    Op.AT_MOST: gettext_lazy("at most"),
    Op.IS: gettext_lazy("is"),
}
_COMPARED = {
    "order_value": (
        gettext_lazy("order value above %(value)s"), gettext_lazy("order value of %(value)s or more"),
        gettext_lazy("order value below %(value)s"), gettext_lazy("order value of %(value)s or less"),
    ),
    "discount_percent": (
        gettext_lazy("discount above %(value)s"), gettext_lazy("discount of %(value)s or more"),
        gettext_lazy("discount below %(value)s"), gettext_lazy("discount of %(value)s or less"),
    ),
    "margin_percent": _MARGIN,
    "margin": _MARGIN,
    "line_margin_percent": (
        gettext_lazy("margin of every line above %(value)s"), gettext_lazy("margin of every line %(value)s or more"),
        gettext_lazy("margin of a line below %(value)s"), gettext_lazy("margin of a line %(value)s or less"),
    ),
    "below_floor": (
        gettext_lazy("prices more than %(value)s below the floor in all"),
        gettext_lazy("prices %(value)s or more below the floor in all"),
        gettext_lazy("prices less than %(value)s below the floor in all"),
        gettext_lazy("prices at most %(value)s below the floor in all"),
    ),
    "below_floor_percent": (
        gettext_lazy("a price more than %(value)s below the floor"),
        gettext_lazy("a price %(value)s or more below the floor"),
        gettext_lazy("no price as much as %(value)s below the floor"),
        gettext_lazy("no price more than %(value)s below the floor"),
    ),
    "payment_term_days": (
        gettext_lazy("payment term longer than %(value)s"), gettext_lazy("payment term of %(value)s or more"),
        gettext_lazy("payment term shorter than %(value)s"), gettext_lazy("payment term of %(value)s or less"),
    ),
    "credit_over_by": (
        gettext_lazy("credit limit passed by more than %(value)s"),
        gettext_lazy("credit limit passed by %(value)s or more"),
        gettext_lazy("credit limit passed by less than %(value)s, if at all"),
        gettext_lazy("credit limit passed by at most %(value)s, if at all"),
    ),
    "exposure": (
        gettext_lazy("the customer owes more than %(value)s"), gettext_lazy("the customer owes %(value)s or more"),
        gettext_lazy("the customer owes less than %(value)s"), gettext_lazy("the customer owes %(value)s or less"),
    ),
    "write_off": (
        gettext_lazy("more than %(value)s is written off"), gettext_lazy("%(value)s or more is written off"),
        gettext_lazy("less than %(value)s is written off"), gettext_lazy("%(value)s or less is written off"),
    ),
    "refund_amount": (
        gettext_lazy("more than %(value)s goes back to a customer"),
        gettext_lazy("%(value)s or more goes back to a customer"),
        gettext_lazy("less than %(value)s goes back to a customer"),
        gettext_lazy("%(value)s or less goes back to a customer"),
    ),
    "undocumented_return": (
        gettext_lazy("goods worth more than %(value)s come back without a document"),
        gettext_lazy("goods worth %(value)s or more come back without a document"),
        gettext_lazy("goods worth less than %(value)s come back without a document"),
        gettext_lazy("goods worth %(value)s or less come back without a document"),
    ),
}  # fmt: skip
"""How a comparison is said inside a sentence: above, at least, below, at most, as in `COMPARED`."""
_WITH_NOUGHT = {
    ("discount_percent", Op.ABOVE): gettext_lazy("any discount"),
    ("margin_percent", Op.BELOW): gettext_lazy("negative margin"),
    ("margin", Op.BELOW): gettext_lazy("negative margin"),
    ("line_margin_percent", Op.BELOW): gettext_lazy("negative margin of a line"),
    ("below_floor", Op.ABOVE): gettext_lazy("price below the floor"),
    ("below_floor_percent", Op.ABOVE): gettext_lazy("price below the floor"),
    ("payment_term_days", Op.ABOVE): gettext_lazy("any payment term"),
    ("credit_over_by", Op.ABOVE): gettext_lazy("credit limit passed"),
    ("exposure", Op.ABOVE): gettext_lazy("the customer owes something"),
    ("write_off", Op.ABOVE): gettext_lazy("anything is written off"),
    ("refund_amount", Op.ABOVE): gettext_lazy("any money goes back to a customer"),
    ("undocumented_return", Op.ABOVE): gettext_lazy("anything comes back without a document"),
}
"""Where the bound is nought, what it means."""
_CHOSEN = {
    "customer_group": gettext_lazy("customer of group %(names)s"),
    "team": gettext_lazy("sold by team %(names)s"),
    "territory": gettext_lazy("in territory %(names)s"),
    "channel": gettext_lazy("through channel %(names)s"),
}
_FLAGS = {"below_cost": gettext_lazy("sold below cost")}
Names = Mapping[str, str]
"""Names of what is chosen, by key."""


def condition_words(condition: Group | Mapping[str, Any], currency: str, names: Names) -> str:
    """`Discount above 10% and order value of Rp 5.000.000 or more`."""
    group = condition if isinstance(condition, Group) else read_condition(condition)
    said = _group(group, currency, names, inner=False)
    first = 1 if said.startswith("(") else 0
    return said[:first] + said[first : first + 1].upper() + said[first + 1 :]


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
    kind = FIELDS[test.field].kind
    if kind is Kind.FLAG:
        said = str(_FLAGS[test.field])
    elif kind is Kind.CHOICE:
        chosen = sorted(names.get(key, _("something that is gone")) for key in test.value)
        said = _CHOSEN[test.field] % {"names": _(" or ").join(chosen)}
    elif not test.value and (test.field, test.op) in _WITH_NOUGHT:
        said = str(_WITH_NOUGHT[test.field, test.op])
    else:
        sentence = _COMPARED[test.field][COMPARED.index(test.op)]
        said = sentence % {"value": figure_words(test.field, test.value, currency)}
    return _("%(said)s (or not known)") % {"said": said} if test.unknown else said


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
