"""A customer opens the link of an invoice on a phone and pays it at the sandbox gateway."""

from typing import Any
from urllib.parse import urlsplit

from niaga.core.clock import now
from niaga.invoicing.models import InvoiceBalance
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.organization.access import SYSTEM
from niaga.payments.models import Payment, PaymentRequest, SandboxCharge
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.tell_of_sandbox import tell_of_sandbox
from niaga.payments.tests.gateways import handle_all, make_gateway, without_a_net
from niaga.sales.rules.lines import LineInput
from tests.browser.test_components import OVERFLOW
from tests.makers import make_issued_invoice, make_product, make_world

PHONE = 360


def test_a_customer_pays_an_invoice_by_its_link_and_sees_it_paid(
    open_page: Any, live_server: Any, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    world = make_world()
    make_gateway(world, methods=["link"])
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=9).id)])
    link = urlsplit(share_invoice(invoice_id=invoice.id, by=SYSTEM, at=now())).path
    page = open_page(link, width=PHONE)

    page.locator("#pay-online button[type=submit]").first.click()
    page.wait_for_selector("#pay-online[hx-trigger]")
    request = PaymentRequest.objects.get()
    with without_a_net():  # the worker hands it to the gateway
        send_payment_request(request_id=request.id, clock=now)
    page.locator("#pay-online a[href*='/sandbox/']").click()
    page.wait_for_selector("#sandbox-pay")
    assert page.evaluate(OVERFLOW) <= 0
    page.click("#sandbox-pay")
    page.wait_for_selector("#sandbox-pay", state="detached")
    with without_a_net():  # the gateway calls, and the worker handles the call
        tell_of_sandbox(charge_id=SandboxCharge.objects.get().id, behaviour="pay")
    handle_all()
    page.goto(live_server.url + link)

    balance = InvoiceBalance.objects.get(invoice_id=invoice.id)
    assert (balance.allocated, Payment.objects.get().amount) == (invoice.total, invoice.total)
    assert page.locator("#pay-online button[type=submit]").count() == 0
    assert page.get_by_text("Lunas").first.is_visible()
