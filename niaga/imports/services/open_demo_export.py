from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.create_customers import create_customers
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices

RATES = (16285, 16310, 16342, 16298, 16365, 16401, 16377, 16420, 16455, 16432, 16468)
"""Of the dollar, week by week."""


@transaction.atomic
def open_demo_export(
    *, company_id: UUID, branch_id: UUID, salesperson_id: UUID | None, term_id: UUID, group_id: UUID,
    priced: Sequence[tuple[UUID, Decimal]], by: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Sell in dollars too: rates week by week from `at` on, a bank account, a buyer in Singapore with a list of their
    own for `priced` (product, price in dollars). Returns the customer's id."""
    choose_currencies(company_id=company_id, currencies=["USD"], rate_days=31, by=by, at=at)
    weeks = [
        NewExchangeRate("USD", Decimal(rate), (at + timedelta(weeks=week)).date()) for week, rate in enumerate(RATES)
    ]
    write_exchange_rates(company_id=company_id, rates=weeks, source="JISDOR", by=by, at=at)
    keep_bank_account(
        company_id=company_id, bank="Mandiri", number="1410098765432", holder="PT Nusa Pangan Sejahtera",
        currency="USD", by=by, at=at,
    )  # fmt: skip
    buyer = NewCustomer(
        name="Straits Gourmet Pte Ltd", currency="USD", language="en", group_id=group_id, payment_term_id=term_id,
        branch_id=branch_id, salesperson_id=salesperson_id, email="purchasing@straitsgourmet.example",
        contacts=(NewContact(name="Rachel Lim", email="purchasing@straitsgourmet.example", is_main=True),),
        addresses=(NewAddress(street="21 Pandan Crescent", city="Singapore", postcode="128472", country="SG"),),
    )  # fmt: skip
    [customer_id] = create_customers(company_id=company_id, rows=[buyer], by=by, at=at)
    save_tax_treatment(
        customer_id=customer_id, is_taxed=False, note="Export of goods: VAT 0%", valid_from=at.date(), by=by, at=at
    )
    export = create_price_list(
        company_id=company_id, code="EKSPOR", name="Ekspor", currency="USD", customer_id=customer_id, by=by, at=at
    )
    prices = [NewPrice(price=price, product_id=product_id) for product_id, price in priced]
    set_prices(price_list_id=export.id, prices=prices, by=by, at=at)
    return customer_id
