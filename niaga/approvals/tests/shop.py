"""A company with rules about approvals, and the people they name; made by the real services."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalRule
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.catalog.models import Product
from niaga.organization.models import User
from niaga.organization.services.keep_team import keep_team
from niaga.parties.models import Customer
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.tests.makers import make_price_list
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.ask_order_approval import ask_order_approval
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.send_quotation import send_quotation
from tests.makers import NOW, make_customer, make_order, make_product, make_quotation, make_user, make_world

MANAGER: dict[str, Any] = {"seat": "manager", "key": ""}
OWNER: dict[str, Any] = {"seat": "role", "key": "owner"}


def person(user: User) -> dict[str, Any]:
    return {"seat": "user", "key": str(user.id)}


def step(*approvers: dict[str, Any], mode: str = "any", hours: int | None = None, then: User | None = None) -> Any:
    return {"mode": mode, "approvers": list(approvers), "hours": hours, "then": str(then.id) if then else ""}


def that(field: str, op: str, value: Any, unknown: bool | None = None) -> dict[str, Any]:
    told = {"field": field, "op": op, "value": value}
    return told if unknown is None else {**told, "unknown": unknown}


def every(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"match": "all", "parts": list(parts)}


def some(*parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"match": "any", "parts": list(parts)}


OVER_TEN = every(that("discount_percent", "above", "10"))


class Shop:
    """A product of 100,000 that costs 60,000; a seller and a manager of one team, finance, an owner."""

    def __init__(self) -> None:
        self.world = make_world()
        company = self.world.company
        self.team: UUID = keep_team(company_id=company.id, name="Surabaya", by=self.world.owner, at=NOW)
        self.seller = make_user(company, "salesperson", name="Sari", team_id=self.team)
        self.manager = make_user(company, "sales_manager", name="Maya", team_id=self.team)
        self.finance = make_user(company, "finance", name="Fina")
        self.owner = self.world.owner
        self.product = make_product(self.world, stock=500, cost=Decimal(60_000))
        self.customer = make_customer(self.world, name="Toko Makmur", salesperson_id=self.seller.id)

    def rule(
        self, condition: Mapping[str, Any] = OVER_TEN, steps: Sequence[Any] = (step(MANAGER),), **more: Any
    ) -> ApprovalRule:
        facts = {"name": f"Aturan {ApprovalRule.objects.count() + 1}", **more}
        details = RuleDetails(condition=condition, steps=list(steps), **facts)
        return save_rule(company_id=self.world.company.id, details=details, by=self.owner, at=NOW)

    def lines(self, quantity: int = 1, discount: int = 0, price: int | None = None) -> list[LineInput]:
        return [
            LineInput(
                product_id=self.product.id, quantity=Decimal(quantity), discount_percent=Decimal(discount),
                unit_price=None if price is None else Decimal(price),
            )
        ]  # fmt: skip

    def quotation(self, quantity: int = 1, discount: int = 0, price: int | None = None, **more: Any) -> Quotation:
        lines = self.lines(quantity, discount, price)
        return make_quotation(self.world, lines, customer=self.customer, by=self.seller, **more)

    def order(self, quantity: int = 1, discount: int = 0, price: int | None = None, **more: Any) -> SalesOrder:
        lines = self.lines(quantity, discount, price)
        return make_order(self.world, lines, customer=self.customer, by=self.seller, **more)

    def send(self, quotation: Quotation) -> Quotation:
        return send_quotation(quotation_id=quotation.id, by=self.seller, at=NOW)

    def confirm(self, order: SalesOrder) -> SalesOrder:
        return confirm_order(order_id=order.id, by=self.seller, at=NOW)

    def ask(self, document: Quotation | SalesOrder, by: User | None = None, at: Any = NOW) -> ApprovalRequest:
        by = by or self.seller
        if isinstance(document, Quotation):
            key = ask_quotation_approval(quotation_id=document.id, by=by, at=at)
        else:
            key = ask_order_approval(order_id=document.id, by=by, at=at)
        return ApprovalRequest.objects.get(pk=key)

    def say(self, request: ApprovalRequest, by: User, yes: bool = True, reason: str = "", at: Any = NOW) -> Any:
        decision: ApprovalDecision = decide_approval(
            request_id=request.id, approved=yes, reason=reason or ("" if yes else "Terlalu murah"), by=by, at=at
        )
        return decision

    def confirm_kept(self, order: SalesOrder) -> SalesOrder:
        """With the prices that stand on it."""
        return confirm_order(order_id=order.id, by=self.seller, at=NOW, prices="keep")

    def customer_of(self) -> Customer:
        return make_customer(self.world, name="Warung Tini", salesperson_id=self.seller.id)

    def product_of(self, **facts: Any) -> Product:
        return make_product(self.world, stock=500, **facts)

    def change(self, rule: ApprovalRule, **facts: Any) -> ApprovalRule:
        """A rule as it stands, with something else."""
        stands = {name: getattr(rule, name) for name in ("name", "condition", "steps", "least", "most", "team_id")}
        details = RuleDetails(**{**stands, **facts})
        return save_rule(company_id=rule.company_id, rule_id=rule.id, details=details, by=self.owner, at=NOW)


def with_floor(shop: Shop, least_margin: int = 20) -> None:
    """Everything a tenth below its own price, 90.000, and never below this margin: 75.000 at 20 %."""
    rule = NewRule("price", percent=Decimal(-10), least_margin=Decimal(least_margin))
    set_rules(price_list_id=make_price_list(shop.world.company).pk, rules=[rule], by=shop.owner, at=NOW)
