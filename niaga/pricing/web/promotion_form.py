"""The fields of a promotion. Of the kinds' own fields only those of its kind are asked."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.pricing.queries.promotion_words import Told, sentence
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.pricing.web.price_list_form import TermsForm
from niaga.pricing.web.promotion_kinds import KindWords
from niaga.pricing.web.promotion_rows import Rows, TierRow, groups_of, read_rows, rows_of
from niaga.ui.forms import AmountField, DayField

_COUNT: dict[str, Any] = {"required": False, "min_value": 1, "max_value": 1_000_000}
_LIMITS = ("most_times", "most_amount", "most_uses", "most_per_customer", "budget")
_OF_KIND = {
    "buy": ("buy_get",), "get": ("buy_get",), "gift_product_id": ("gift",), "most_times": ("buy_get", "bundle_price"),
}  # fmt: skip
"""Fields that only some kinds have."""


class PromotionForm(TermsForm):
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("Customers read it on their papers."),
    )  # fmt: skip
    valid_from = DayField(label=_("First day"), required=False, help_text=_("Empty: at once."))
    priority = forms.IntegerField(
        label=_("Priority"), min_value=-1000, max_value=1000, initial=0,
        help_text=_("The highest goes first; then the narrower, then what takes more off."),
    )  # fmt: skip
    exclusive = forms.TypedChoiceField(
        label=_("With other promotions"), coerce=lambda value: value == "1", required=False,
        choices=[("", _("Together with others")), ("1", _("Alone: only on lines that no other promotion touches"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    by_coupon = forms.BooleanField(
        label=_("Only with a coupon"), required=False, help_text=_("You make the coupons when it is saved.")
    )
    buy = forms.IntegerField(label=_("Buy"), min_value=1, max_value=1000, initial=2, help_text=_("Base units."))
    get = forms.IntegerField(label=_("Get"), min_value=1, max_value=1000, initial=1, help_text=_("Units for less."))
    gift_product_id = forms.UUIDField(label=_("Gift"))
    most_times = forms.IntegerField(label=_("Times on a document"), **_COUNT)
    most_amount = AmountField(label=_("Most off a document"), required=False, min_value=0)
    most_uses = forms.IntegerField(label=_("Documents in all"), help_text=_("After so many it ends."), **_COUNT)
    most_per_customer = forms.IntegerField(label=_("Documents of one customer"), **_COUNT)
    budget = AmountField(
        label=_("Budget"), required=False, min_value=0, help_text=_("It takes no more than this off, all in all.")
    )
    prepared = forms.BooleanField(
        label=_("Prepare it aside"), required=False,
        help_text=_("It holds for nobody until you publish it, now or at a moment."),
    )  # fmt: skip

    def __init__(
        self, request: HttpRequest, kind: KindWords, *args: Any, new: bool = True, promotion: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(request, *args, new=new, held=promotion, **kwargs)
        self.kind = kind
        self.home_currency = promotion.currency if promotion else access_of(request.user).current_company.currency
        for name, kinds in _OF_KIND.items():
            if kind.code not in kinds:
                del self.fields[name]
        data = args[0] if args else None
        stored = rows_of(promotion) if promotion is not None and data is None else Rows()
        self.rows = read_rows(data, kind) if data is not None else stored
        if data is None and promotion is None:
            self.rows.tiers = [TierRow(figure=kind.usual)]
        self.groups = groups_of(kind.code)
        if not new:
            del self.fields["prepared"]

    @property
    def limited(self) -> bool:
        """Whether a limit is set, or wrong, so that they are in sight."""
        return self._shows(*_LIMITS)

    @property
    def addressed(self) -> bool:
        """Whether it is for somebody."""
        return self._shows("customer_id", "tier_id", "group_id", "territory_id", "branch_id", "channel_id")

    @property
    def whom_fields(self) -> list[Any]:
        names = ("tier_id", "group_id", "territory_id", "branch_id", "channel_id")
        return [self[name] for name in names if name in self.fields]

    def _shows(self, *names: str) -> bool:
        return any(self[name].errors or self[name].value() for name in names if name in self.fields)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.rows.faults

    def promotion(self) -> NewPromotion:
        data = self.facts()
        data.pop("prepared", None)
        data["exclusive"] = bool(data["exclusive"])
        counts: dict[str, Any] = {name: Decimal(data.pop(name)) for name in ("buy", "get") if name in data}
        return NewPromotion(
            kind=self.kind.code, tiers=tuple(self.rows.steps), scopes=tuple(self.rows.scopes), **counts, **data
        )

    def told(self, gift: str = "") -> str:
        """What it will do, as far as it can be told from what is typed."""
        self.is_valid()
        data = self.cleaned_data
        on = data.get("weekdays") or []
        currency = data.get("currency") or self.home_currency
        return sentence(
            Told(
                kind=self.kind.code, currency=currency, tiers=sorted(self.rows.steps), scopes=self.rows.told(),
                buy=Decimal(data.get("buy") or 0), get=Decimal(data.get("get") or 0), gift=gift,
                most_amount=data.get("most_amount"), most_times=data.get("most_times"), whom=self._whom(),
                valid_from=data.get("valid_from"), valid_to=data.get("valid_to"),
                weekdays=sum(1 << place for place in on) or EVERY_DAY, from_time=data.get("from_time"),
                until_time=data.get("until_time"), by_coupon=bool(data.get("by_coupon")),
                exclusive=bool(data.get("exclusive")),
            ),
            with_whom=True,
        )  # fmt: skip

    def _whom(self) -> str:
        names = [self.customer.name] if self.customer else []
        for bound in self.whom_fields:
            chosen = dict(bound.field.choices).get(str(bound.value() or ""))
            if bound.value() and chosen:
                names.append(str(chosen))
        return " · ".join(names)


def initial_of(promotion: Any) -> dict[str, Any]:
    """A stored promotion as its form shows it."""
    names = (
        "name", "valid_from", "valid_to", "from_time", "until_time", "priority", "by_coupon", "gift_product_id",
        "customer_id", *_LIMITS,
    )  # fmt: skip
    keys = ("tier_id", "group_id", "territory_id", "branch_id", "channel_id")
    days = [n for n in range(7) if promotion.weekdays != EVERY_DAY and promotion.weekdays & 1 << n]
    return {
        **{name: getattr(promotion, name) for name in names},
        **{name: str(getattr(promotion, name) or "") for name in keys},
        "buy": int(promotion.buy), "get": int(promotion.get), "weekdays": days,
        "exclusive": "1" if promotion.exclusive else "",
    }  # fmt: skip
