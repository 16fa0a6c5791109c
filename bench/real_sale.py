"""One sale from offer to money on a real retailer's year, through the API, with the clock in the data's December.

    niaga bench real-sale

Works on a copy of the database that `make realdata` fills, thrown away afterwards. It prints each document and its
amount, then every promise of `niaga check invariants` on that copy, and fails when the invoice is not paid to the cent
or a promise does not hold.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from bench._scratch import exists, scratch
from bench.pages import CLOCK, REAL, moved_clock

LINES = ((3, 0), (12, 10), (24, 0))
"""How many of each product, and the discount in percent."""


class Refused(Exception):
    """The API did not do what was asked; carries its answer."""


class Door:
    """The API as a program with a token of the person sees it."""

    def __init__(self, user: Any) -> None:
        from django.test import Client

        from niaga.core.clock import now
        from niaga.organization.access import SYSTEM
        from niaga.organization.services.create_token import create_token

        token = create_token(user_id=user.id, name="One sale", by=SYSTEM, at=now())
        self.client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {token.text}"})

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        """What the deed answers.

        :raises Refused: anything but success
        """
        return self._read(self.client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json"))

    def get(self, path: str) -> dict[str, Any]:
        return self._read(self.client.get(f"/api/v1/{path}"))

    def _read(self, answer: Any) -> dict[str, Any]:
        if answer.status_code >= 300:
            raise Refused(f"{answer.status_code} {answer.content.decode()}")
        found: dict[str, Any] = answer.json()
        return found


def sell(
    door: Door, *, customer_id: str, lines: Sequence[dict[str, Any]], said: Callable[[str, dict[str, Any]], Any]
) -> dict[str, Any]:
    """Offer, send, accept, confirm, deliver, ship, invoice, issue and collect; `said` hears each step. Returns the
    invoice as it is at the end.

    :raises Refused: a step does not go through
    """

    def step(name: str, path: str, /, **body: Any) -> dict[str, Any]:
        answer = door.post(path, **body)
        said(name, answer)
        return answer

    quotation = step("quotation", "quotations", customer_id=customer_id, lines=list(lines))["id"]
    step("sent", f"quotations/{quotation}/sending")
    order = step("accepted", f"quotations/{quotation}/acceptance", name="Ann Shopper")["id"]
    step("confirmed", f"orders/{order}/confirmation")
    delivery = step("delivery", f"orders/{order}/deliveries")["id"]
    step("shipped", f"deliveries/{delivery}/shipment")
    invoice = step("invoice", f"orders/{order}/invoices")["id"]
    issued = step("issued", f"invoices/{invoice}/issuance")
    step("payment", "payments", customer_id=customer_id, amount=issued["total"], method="transfer",
         invoices=[{"invoice_id": invoice}])  # fmt: skip
    paid = door.get(f"invoices/{invoice}")
    said(paid["payment_state"], paid)
    return paid


def main(arguments: list[str]) -> None:
    argparse.ArgumentParser(prog="niaga bench real-sale", description=__doc__).parse_args(arguments)
    if not exists(REAL):
        raise SystemExit(f"There is no database {REAL}: make realdata fills it.")
    with moved_clock(CLOCK), scratch("niaga_real_sale", copy_of=REAL):
        from django.core.management import call_command

        print(f"\nOne sale on a copy of {REAL}, in December 2017, through the API")
        owner, customer_id, products = _cast()
        lines = [
            {"sku": sku, "quantity": quantity, "discount_percent": discount}
            for sku, (quantity, discount) in zip(products, LINES, strict=True)
        ]
        paid = sell(Door(owner), customer_id=customer_id, lines=lines, said=_say)
        if paid["payment_state"] != "paid" or Decimal(paid["open"]) or not paid["date"].startswith("2017-12"):
            raise SystemExit(f"{paid['number']} is {paid['payment_state']}, {paid['open']} is open: {paid['date']}.")
        call_command("check", "invariants")


def _cast() -> tuple[Any, str, list[str]]:
    """The owner, a customer, and products of which there is enough."""
    from niaga.catalog.models import Product
    from niaga.organization.models import User
    from niaga.parties.models import Customer
    from niaga.stock.models import StockLevel

    most = max(quantity for quantity, _discount in LINES)
    enough = StockLevel.objects.filter(on_hand__gte=most, reserved=0).values("product_id")
    sold = Product.objects.filter(pk__in=enough, archived_at=None).order_by("sku")
    products = list(sold.values_list("sku", flat=True)[: len(LINES)])
    return User.objects.get(username="owner"), str(Customer.objects.order_by("code")[0].pk), products


def _say(step: str, answer: dict[str, Any]) -> None:
    amount = answer.get("total") or answer.get("amount")
    currency = answer.get("currency", "")
    figure = f"{Decimal(str(amount)):>12,.2f} {currency}" if amount is not None else ""
    print(
        f"  {step:<10} {answer.get('number') or '(no number yet)':<16} {answer.get('status', ''):<10} {figure}".rstrip()
    )
