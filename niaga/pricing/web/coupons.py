"""The coupons of a promotion: as a list and a file, made by code or many at once, withdrawn and taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import DateField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import Promotion
from niaga.pricing.queries.promotions import coupons_of, promotion_for
from niaga.pricing.rules.coupon import code_of
from niaga.pricing.services.make_coupons import MOST_COUPONS, make_coupons
from niaga.pricing.services.withdraw_coupons import withdraw_coupons
from niaga.pricing.web.price_lists import may
from niaga.pricing.web.promotions import today_of
from niaga.ui.documents import Action, Consequence
from niaga.ui.formatting import number
from niaga.ui.forms import DayField, once, refuse
from niaga.ui.lists import BulkAction, Choice, Day, Done, Empty, Listing, Search, Status, StatusColumn, Text

_COUNT: dict[str, Any] = {"required": False, "min_value": 1, "max_value": 1_000_000}


def standing(coupon: Any, today: Any) -> Status:
    if coupon.archived_at is not None:
        return Status(_("Withdrawn"), "faint", "ban")
    if coupon.valid_to is not None and coupon.valid_to < today:
        return Status(_("Expired"), "faint", "clock")
    if coupon.most_uses is not None and coupon.uses >= coupon.most_uses:
        return Status(_("Used up"), "faint", "circle-slash")
    return Status(_("Can be used"), "good", "check")


def used(coupon: Any) -> str:
    if coupon.most_uses is None:
        return number(coupon.uses)
    return str(_("%(used)s of %(most)s") % {"used": number(coupon.uses), "most": number(coupon.most_uses)})


def _narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "withdrawn":
        return rows.filter(archived_at__isnull=False)
    return rows.filter(archived_at=None, uses__gt=0) if value == "used" else rows.filter(archived_at=None, uses=0)


def _withdraw(request: HttpRequest, ids: list[UUID]) -> Done:
    """The coupons are all of the promotion in the address."""
    promotion_id = request.resolver_match.kwargs["promotion_id"]  # type: ignore[union-attr]
    codes = withdraw_coupons(promotion_id=promotion_id, coupon_ids=ids, by=request.user, at=clock.now())
    return Done(_told(len(codes)))


def _told(count: int) -> str:
    return ngettext("%(count)s coupon withdrawn.", "%(count)s coupons withdrawn.", count) % {"count": number(count)}


class Coupons(Listing):
    key, title, sort = "coupons", _("Coupons"), "code"
    template = "pricing/coupons.html"
    columns = (
        Text("code", _("Code"), sort="code", phone="title"),
        Text("customer", _("For"), source=lambda row: row.customer_name or str(_("Everybody")), phone="meta"),
        Day("valid_to", _("Last day"), sort="valid_to", phone="meta"),
        Text("used", _("Used"), source=used, sort="uses", phone="value"),
        Text(
            "each", _("For one customer"), source=lambda row: number(row.most_per_customer) or str(_("without limit"))
        ),
        StatusColumn("state", _("Status"), source=lambda row: standing(row, row.today), phone="status"),
    )  # fmt: skip
    filters = (
        Search("q", _("Code"), match=lambda rows, text: rows.filter(code__startswith=code_of(text))),
        Choice(
            "state",
            _("Status"),
            options=[("unused", _("Not used yet")), ("used", _("Used")), ("withdrawn", _("Withdrawn"))],
            match=_narrow,
        ),
    )
    bulk = (
        BulkAction(
            "withdraw", _("Withdraw"), act=_withdraw, icon="ban", allowed=lambda request: may(request, "change"),
            confirm=Consequence(
                _("Withdraw these coupons?"), _("New documents no longer take them. You can bring each back.")
            ),
        ),
    )  # fmt: skip
    empty = Empty(
        _("No coupons yet"),
        _(
            "One code for everybody, such as MERDEKA, or thousands that nobody can guess, each for one use. "
            "Here they can be downloaded as a file."
        ),
        icon="ticket",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.found: Promotion = promotion_for(request.user, kwargs["promotion_id"])

    def rows(self) -> QuerySet[Any]:
        rows = coupons_of(self.request.user, self.found.pk).order_by()
        dated: QuerySet[Any] = rows.annotate(today=Value(today_of(self.request), DateField()))
        return dated

    def actions(self) -> list[Action]:
        if not (may(self.request, "change") and self.found.by_coupon):
            return []
        url = reverse("pricing:new_coupons", args=[self.found.pk])
        return [Action(_("Make coupons"), url=url, icon="plus", method="get", kind="go", key="n")]

    def context(self) -> dict[str, Any]:
        return {"promotion": self.found}


class CouponForm(forms.Form):
    codes = forms.CharField(
        label=_("Codes"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "spellcheck": "false"}),
        help_text=_("One or several, each in its own line: MERDEKA. Case does not matter."),
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("Or so many by chance"), required=False, min_value=1, max_value=MOST_COUPONS,
        help_text=_("Ten letters and digits that nobody can guess."),
    )  # fmt: skip
    beginning = forms.CharField(label=_("Beginning with"), required=False, max_length=20)
    most_uses = forms.IntegerField(
        label=_("Uses of each coupon"), help_text=_("1: a voucher that is gone once used."), **_COUNT
    )
    most_per_customer = forms.IntegerField(label=_("Uses by one customer"), **_COUNT)
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Empty: as long as the promotion."))
    customer_id = forms.UUIDField(label=_("Only for the customer"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["codes"].strip() and not data["count"]:
            self.add_error("codes", gettext("Give a code, or say how many."))
        if not self.errors and data["codes"].strip() and data["count"]:
            self.add_error("count", gettext("Give codes or say how many, not both."))
        return data


@login_required
def new_coupons(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    found = promotion_for(request.user, promotion_id, "change")
    status = 200
    form = CouponForm()
    if request.method == "POST":
        form = CouponForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> str:
                made = make_coupons(
                    promotion_id=promotion_id, codes=data["codes"].replace(",", "\n").splitlines(),
                    count=data["count"] or 0, prefix=data["beginning"], most_uses=data["most_uses"],
                    most_per_customer=data["most_per_customer"], valid_to=data["valid_to"],
                    customer_id=data["customer_id"], by=request.user, at=clock.now(),
                )  # fmt: skip
                text = ngettext("%(count)s coupon made.", "%(count)s coupons made.", len(made))
                messages.success(request, text % {"count": number(len(made))})
                return reverse("pricing:coupons" if len(made) > 1 else "pricing:promotion", args=[promotion_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refusal.field = {"prefix": "beginning"}.get(refusal.field or "", refusal.field)
                refuse(form, refusal)
        status = 422
    context = {"form": form, "promotion": found, "customer": _customer(request, form)}
    return render(request, "pricing/coupon_form.html", context, status=status)


def _customer(request: HttpRequest, form: CouponForm) -> str:
    value = form["customer_id"].value()
    try:
        return customer_for(request.user, UUID(str(value))).name if value else ""
    except (ValueError, NotFound):
        return ""


@require_POST
@login_required
def withdraw(request: HttpRequest, promotion_id: UUID, coupon_id: UUID) -> HttpResponse:
    return _switch(request, promotion_id, coupon_id, restore=False)


@require_POST
@login_required
def take_back(request: HttpRequest, promotion_id: UUID, coupon_id: UUID) -> HttpResponse:
    return _switch(request, promotion_id, coupon_id, restore=True)


def _switch(request: HttpRequest, promotion_id: UUID, coupon_id: UUID, *, restore: bool) -> HttpResponse:
    def deed() -> str:
        withdraw_coupons(
            promotion_id=promotion_id, coupon_ids=[coupon_id], by=request.user, at=clock.now(), restore=restore
        )
        if restore:
            messages.success(request, gettext("The coupon can be used again."))
        else:
            undo = reverse("pricing:restore_coupon", args=[promotion_id, coupon_id])
            messages.success(request, _told(1), extra_tags=f"undo:{undo}")
        return reverse("pricing:promotion", args=[promotion_id])

    return once(request, deed)
