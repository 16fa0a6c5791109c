"""The right that each writing operation of the API takes, and what is sent to it."""

from niaga.payments.rules.qris import SANDBOX

ANYBODY = {"POST /notices/reading", "POST /prices/preview"}
"""What everybody may do who works here: read their own notices, ask for a price."""

OPERATIONS = {
    "approval decide": """
        POST /approvals/{approval_id}/approval
        POST /approvals/{approval_id}/rejection
    """,
    "approval manage": """
        POST /approval-rules
        PUT /approval-rules/{approval_rule_id}
        POST /approvals/{approval_id}/withdrawal
        POST /delegations
        DELETE /delegations/{delegation_id}
    """,
    "customer archive": """
        PUT /customers/{customer_id}/archive
        DELETE /customers/{customer_id}/archive
    """,
    "customer change": """
        PATCH /customers/{customer_id}
        PUT /customers/{customer_id}/exchange-rule
        PUT /customers/{customer_id}/substitution-rule
        PUT /customers/{customer_id}/day-notice-rule
        POST /customers/{customer_id}/reminder-pause
        POST /customers/{customer_id}/reminder-resumption
        POST /customers/{customer_id}/addresses
        PATCH /customers/{customer_id}/addresses/{address_id}
        DELETE /customers/{customer_id}/addresses/{address_id}
        POST /customers/{customer_id}/consents
        POST /customers/{customer_id}/contacts
        PATCH /customers/{customer_id}/contacts/{contact_id}
        DELETE /customers/{customer_id}/contacts/{contact_id}
        POST /customers/{customer_id}/notes
        POST /tags
    """,
    "customer create": """
        POST /customers
    """,
    "customer credit": """
        POST /reminder-plans
        POST /late-fee-rules
        PUT /late-fee-rules/{late_fee_rule_id}
        PUT /giro-fee-setting
        PUT /reminder-plans/{reminder_plan_id}
        PUT /customers/{customer_id}/credit
        POST /customers/{customer_id}/credit-raises
        PUT /credit-policy
        PUT /write-off-rule
        POST /credit-requests/{credit_request_id}/refusal
        POST /credit-requests/{credit_request_id}/release
    """,
    "delivery cancel": """
        POST /deliveries/{delivery_id}/cancellation
        POST /drop-ships/{drop_ship_id}/cancellation
    """,
    "delivery change": """
        PATCH /deliveries/{delivery_id}
        POST /drop-ships/{drop_ship_id}/confirmation
        POST /deliveries/{delivery_id}/picking
        POST /joint-deliveries
        POST /joint-deliveries/{joint_id}/separation
        POST /deliveries/{delivery_id}/next-try
        PUT /deliveries/{delivery_id}/lots
    """,
    "delivery create": """
        POST /orders/{order_id}/deliveries
        POST /orders/{order_id}/drop-ships
    """,
    "delivery deliver": """
        POST /deliveries/{delivery_id}/arrival
        POST /deliveries/{delivery_id}/visits
        POST /door-reports/{report_id}/taking
        POST /door-reports/{report_id}/closing
        POST /shipments/{shipment_id}/events
    """,
    "delivery drive": """
        POST /deliveries/{delivery_id}/door-reports
        PUT /position-consent
    """,
    "delivery ship": """
        POST /deliveries/{delivery_id}/credit-requests
        POST /deliveries/{delivery_id}/shipment
        POST /joint-deliveries/{joint_id}/shipment
        POST /drop-ships/{drop_ship_id}/shipments
        POST /shipments
        POST /shipments/{shipment_id}/cancellation
        POST /shipments/{shipment_id}/retry
        POST /shipments/{shipment_id}/service
    """,
    "delivery send": """
        POST /deliveries/{delivery_id}/tracking-links
        POST /drop-ships/{drop_ship_id}/sending
    """,
    "email send": """
        POST /emails/{email_id}/sending
        POST /emails/{email_id}/settlement
        POST /whatsapp-messages/{message_id}/sending
        POST /whatsapp-messages/{message_id}/settlement
    """,
    "invoice change": """
        PATCH /invoices/{invoice_id}
        PUT /invoices/{invoice_id}/instalments
    """,
    "invoice create": """
        POST /invoices
        POST /late-fees
        POST /orders/{order_id}/down-payments
        POST /orders/{order_id}/invoices
        PUT /orders/{order_id}/billing
        PUT /orders/{order_id}/milestones
        POST /recurring-plans
        PUT /recurring-plans/{recurring_plan_id}
        POST /recurring-plans/{recurring_plan_id}/pause
        POST /recurring-plans/{recurring_plan_id}/resumption
        POST /recurring-plans/{recurring_plan_id}/end
        POST /milestones/{milestone_id}/invoice
        POST /billing-causes/{billing_cause_id}/attempt
        POST /billing-causes/{billing_cause_id}/setting-aside
    """,
    "invoice credit": """
        POST /invoices/{invoice_id}/correction
        POST /invoices/{invoice_id}/credit-notes
    """,
    "invoice write_off": """
        POST /invoices/{invoice_id}/write-offs
        POST /invoices/{invoice_id}/write-off-requests
        POST /write-offs
        POST /write-offs/{write_off_id}/reversal
        POST /invoices/{invoice_id}/early-payment-discount
        POST /early-payment-discounts/{discount_id}/reversal
    """,
    "invoice waive": """
        POST /late-fee-charges/{late_days_id}/waiver
        POST /payments/{payment_id}/giro-fee/waiver
        POST /invoices/{invoice_id}/late-fee-waiver
    """,
    "invoice discard": """
        POST /invoices/{invoice_id}/discarding
    """,
    "invoice issue": """
        POST /invoices/{invoice_id}/issuance
        POST /payments/{payment_id}/giro-fee
        POST /invoices/{invoice_id}/stamp
        POST /issue-runs
        POST /issue-runs/{issue_run_id}/cancellation
        PUT /billing-rule
        PUT /customers/{customer_id}/billing-rule
    """,
    "invoice send": """
        POST /invoices/{invoice_id}/links
        POST /payment-requests
        POST /invoices/{invoice_id}/sending
        POST /invoices/{invoice_id}/disputes
        POST /disputes/{dispute_id}/settlement
        POST /payment-promises
        POST /exchange-rounds
        POST /exchange-rounds/{exchange_round_id}/outcomes
        POST /exchange-rounds/{exchange_round_id}/cancellation
        POST /invoices/{invoice_id}/exchange-withdrawal
        POST /calls
        POST /customers/{customer_id}/statement/sending
    """,
    "ledger export": """
        POST /journal-exports
    """,
    "loyalty adjust": """
        PUT /loyalty/members/{customer_id}
        POST /loyalty/members/{customer_id}/entries
        PUT /loyalty/members/{customer_id}/tier
    """,
    "loyalty change": """
        PUT /loyalty
        POST /loyalty/tiers
        PUT /loyalty/tiers/{tier_id}
        PUT /loyalty/tiers/{tier_id}/archive
    """,
    "order view": """
        POST /earliest-days
    """,
    "order amend": """
        POST /orders/{order_id}/amendment-approvals
        POST /orders/{order_id}/amendment-approvals/{approval_id}/amendment
        POST /orders/{order_id}/amendments
        POST /substitutions/{substitution_id}/approval
        POST /substitutions/{substitution_id}/refusal
    """,
    "order cancel": """
        POST /orders/{order_id}/cancellation
        POST /orders/{order_id}/rest-cancellation
    """,
    "order change": """
        DELETE /attachments/{attachment_id}
        PUT /orders/{order_id}
        PUT /orders/{order_id}/day
        PUT /orders/{order_id}/supply
        POST /orders/{order_id}/closure
        POST /orders/{order_id}/holds
        POST /orders/{order_id}/notes
        POST /orders/{order_id}/prices
        POST /orders/{order_id}/splits
    """,
    "order confirm": """
        POST /orders/{order_id}/confirmation
        POST /orders/{order_id}/approvals
        POST /orders/{order_id}/credit-requests
    """,
    "order create": """
        POST /orders
    """,
    "order send": """
        POST /orders/{order_id}/day-notice
        POST /orders/{order_id}/pro-formas
        POST /pro-formas/{pro_forma_id}/links
        POST /pro-formas/{pro_forma_id}/sending
    """,
    "bank record": """
        PUT /bank-statements/{bank_statement_id}/layout
        POST /bank-statements/{bank_statement_id}/taking
        DELETE /bank-statements/{bank_statement_id}
        POST /bank-lines/{bank_line_id}/booking
    """,
    "bank reverse": """
        POST /bank-lines/{bank_line_id}/unbooking
    """,
    "bank manage": """
        DELETE /known-payers/{known_payer_id}
    """,
    "payment allocate": """
        POST /invoices/{invoice_id}/allocations
        POST /payments/{payment_id}/allocations
    """,
    "return cancel": """
        POST /returns/{return_id}/cancellation
    """,
    "return create": """
        POST /returns
        POST /undocumented-returns
        POST /returns/{return_id}/approval
        POST /returns/{return_id}/order
    """,
    "return decide": """
        POST /returns/{return_id}/authorization
        POST /returns/{return_id}/rejection
        POST /returns/{return_id}/slip
    """,
    "return inspect": """
        POST /returns/{return_id}/inspections
    """,
    "return receive": """
        POST /returns/{return_id}/receipts
        POST /returns/{return_id}/supplier-answers
    """,
    "return settle": """
        POST /returns/{return_id}/settlement
        POST /supplier-credits/{supplier_credit_id}/receipts
    """,
    "payment record": """
        POST /payments
        POST /visits/{visit_id}/cash
        POST /payments/{payment_id}/clearing
        POST /payments/{payment_id}/stamp
        POST /payment-requests/{payment_request_id}/asking
        POST /payment-requests/{payment_request_id}/sending
        POST /gateways/{gateway_id}/payouts
    """,
    "payment refund": """
        POST /payments/{payment_id}/refunds
        POST /credit-notes/{credit_note_id}/refunds
        POST /payments/{payment_id}/asked-refunds
        POST /credit-notes/{credit_note_id}/asked-refunds
        POST /refunds/{refund_id}/settlement
    """,
    "payment reverse": """
        POST /payments/{payment_id}/reversal
    """,
    "period close": """
        PUT /account-map
        PUT /journal-profiles/{journal_profile_id}
        DELETE /journal-profiles/{journal_profile_id}
        POST /periods/closure
        POST /periods/reopening
    """,
    "portal invite": """
        POST /customers/{customer_id}/portal-accesses
        DELETE /portal-people/{portal_access_id}
        DELETE /portal-tokens/{portal_token_id}
    """,
    "price_list archive": """
        PUT /price-lists/{price_list_id}/archive
        DELETE /price-lists/{price_list_id}/archive
        PUT /promotions/{promotion_id}/archive
        DELETE /promotions/{promotion_id}/archive
    """,
    "price_list change": """
        PATCH /price-lists/{price_list_id}
        PUT /price-lists/{price_list_id}/entries
        PUT /price-lists/{price_list_id}/rules
        PUT /promotions/{promotion_id}
        POST /promotions/{promotion_id}/coupons
        PUT /promotions/{promotion_id}/coupons/{coupon_id}
        DELETE /promotions/{promotion_id}/coupons/{coupon_id}
        POST /price-lists/{price_list_id}/changes
        POST /promotions/{promotion_id}/changes
        PUT /price-changes/{promotion_change_id}/promotion
        PATCH /price-changes/{change_id}
        PUT /price-changes/{change_id}/entries
        PUT /price-changes/{change_id}/rules
        POST /price-changes/{change_id}/counting
        POST /price-changes/{change_id}/review
        POST /price-changes/{change_id}/publication
        PUT /price-changes/{change_id}/schedule
        DELETE /price-changes/{change_id}/schedule
        POST /price-changes/{change_id}/discarding
        POST /publications/{publication_id}/rollback
    """,
    "price_list create": """
        POST /price-lists
        POST /promotions
        POST /promotion-changes
        POST /price-changes
    """,
    "product archive": """
        PUT /products/{product_id}/archive
        DELETE /products/{product_id}/archive
    """,
    "product change": """
        POST /suppliers
        PUT /suppliers/{supplier_id}
        PUT /suppliers/{supplier_id}/archive
        DELETE /suppliers/{supplier_id}/archive
        PUT /products/{product_id}/supply
        DELETE /products/{product_id}/supply
        POST /product-categories
        PUT /product-categories/{category_id}
        POST /product-families
        PUT /product-families/{family_id}
        PATCH /products/{product_id}
        PUT /products/{product_id}/substitutes
        PUT /products/{product_id}/lots
        DELETE /products/{product_id}/lots
    """,
    "product create": """
        POST /products
    """,
    "quotation accept": """
        POST /quotations/{quotation_id}/acceptance
        POST /quotations/{quotation_id}/decline
    """,
    "quotation cancel": """
        POST /quotations/{quotation_id}/cancellation
    """,
    "quotation change": """
        PUT /quotations/{quotation_id}
        POST /quotations/{quotation_id}/notes
        POST /quotations/{quotation_id}/revision
    """,
    "quotation create": """
        POST /quotation-templates
        PUT /quotation-templates/{template_id}/archive
        DELETE /quotation-templates/{template_id}/archive
        POST /quotation-templates/{template_id}/quotations
        POST /quotations
        POST /quotations/{quotation_id}/copies
    """,
    "quotation send": """
        POST /quotations/{quotation_id}/approvals
        POST /quotations/{quotation_id}/links
        POST /quotations/{quotation_id}/sending
    """,
    "setting change": """
        PUT /substitution-rule
        POST /customer-groups
        POST /return-reasons
        PUT /return-reasons/{return_reason_id}
        POST /return-rules
        PUT /return-rules/{return_rule_id}
        DELETE /return-rules/{return_rule_id}
        PUT /return-settings
        PUT /customer-groups/{group_id}
        POST /payment-terms
        PUT /payment-terms/{term_id}
        POST /tax-categories
        PUT /tax-categories/{category_id}
        POST /units
        PUT /units/{unit_id}
    """,
    "exchange_rate record": """
        PUT /exchange-rates
    """,
    "setting manage": """
        POST /carriers
        PUT /carriers/{carrier_id}
        PUT /carriers/{carrier_id}/archive
        DELETE /carriers/{carrier_id}/archive
        PUT /shipping-settings
        PUT /currencies
        POST /bank-accounts
        PUT /bank-accounts/{account_id}
        PUT /bank-accounts/{account_id}/archive
        DELETE /bank-accounts/{account_id}/archive
        POST /branches
        PATCH /branches/{branch_id}
        PUT /branches/{branch_id}/archive
        DELETE /branches/{branch_id}/archive
        POST /channels
        PUT /channels/{row_id}
        PUT /channels/{row_id}/archive
        DELETE /channels/{row_id}/archive
        PATCH /company
        DELETE /company/logo
        POST /paper-templates
        PATCH /paper-templates/{paper_template_id}
        POST /paper-templates/{paper_template_id}/publication
        PUT /paper-template-defaults
        PUT /fiscal-settings/{valid_from}
        PUT /mail-settings
        PUT /whatsapp-settings
        POST /gateways
        PUT /gateways/{gateway_id}
        POST /gateways/{gateway_id}/check
        PUT /qris
        POST /incoming-calls/{call_id}/retry
        POST /stopped-jobs/retry
        POST /whatsapp-templates
        PUT /whatsapp-templates/{whatsapp_template_id}
        POST /teams
        PUT /teams/{row_id}
        PUT /teams/{row_id}/archive
        DELETE /teams/{row_id}/archive
        POST /territories
        PUT /territories/{row_id}
        PUT /territories/{row_id}/archive
        DELETE /territories/{row_id}/archive
        POST /warehouses
        PATCH /warehouses/{warehouse_id}
        PUT /warehouses/{warehouse_id}/capacity
        PUT /day-notice-rule
        POST /vehicles
        PUT /vehicles/{vehicle_id}
        PUT /vehicles/{vehicle_id}/archive
        DELETE /vehicles/{vehicle_id}/archive
        PUT /warehouses/{warehouse_id}/archive
        DELETE /warehouses/{warehouse_id}/archive
    """,
    "stock cancel": """
        POST /stock/counts/{count_id}/cancellation
        POST /stock/expected-receipts/{expected_id}/cancellation
        POST /stock/transfers/{transfer_id}/cancellation
    """,
    "stock change": """
        POST /stock/counts/{count_id}/entries
        POST /stock/expected-receipts/{expected_id}/postponement
        POST /stock/transfers/{transfer_id}/postponement
        PUT /stock/places
    """,
    "stock create": """
        POST /stock/counts
        POST /stock/expected-receipts
        POST /stock/expected-receipts/{expected_id}/reception
        POST /stock/receipts
        POST /stock/transfers
        POST /stock/transfers/{transfer_id}/shipment
        POST /stock/transfers/{transfer_id}/reception
        POST /stock/transfers/{transfer_id}/bringing-back
    """,
    "stock record": """
        POST /stock/adjustments
        POST /delivery-plans
        POST /pick-lists/{pick_list_id}/taking
        POST /pick-lists/{pick_list_id}/handing-back
        POST /pick-lines/{pick_line_id}/picks
        POST /pick-lines/{pick_line_id}/substitutions
        POST /stock/lots/{lot_id}/block
        POST /stock/lots/{lot_id}/release
        PUT /routes/{route_id}/driver
        PUT /routes/{route_id}/vehicle
        PUT /routes/{route_id}/stops/{delivery_id}
        PUT /routes/{route_id}/load/{delivery_line_id}
        POST /stock/counts/{count_id}/posting
    """,
    "tax_filing create": """
        POST /tax-files
        POST /tax-files/{tax_file_id}/withdrawal
    """,
    "tax_filing record": """
        POST /tax-serials
        POST /invoices/{invoice_id}/tax-facts
        POST /invoices/{invoice_id}/tax-slips
        POST /tax-slips/{tax_slip_id}/reversal
        POST /invoices/{invoice_id}/tax-cancellation
        POST /invoices/{invoice_id}/tax-exclusion
        POST /invoices/{invoice_id}/tax-inclusion
        PUT /invoices/{invoice_id}/buyer-return
        PUT /tax-currency-rates
        POST /customers/{customer_id}/tax-treatments
        PUT /customers/{customer_id}/tax-treatments/{treatment_id}
        DELETE /customers/{customer_id}/tax-treatments/{treatment_id}
    """,
    "user change": """
        PATCH /users/{user_id}
    """,
    "user create": """
        POST /users
    """,
    "user manage": """
        POST /roles
        PUT /roles/{code}/grants
        DELETE /tokens/{token_id}
        POST /users/{user_id}/roles
        DELETE /users/{user_id}/roles/{role}
    """,
}
"""The right that each writing operation of the API takes."""

_PLAN = {"levels": [{"days": 1, "by_email": False, "by_call": True}]}
_FEE = {"percent": 2, "starts_on": "2026-01-01"}
BODIES = {
    "POST /late-fee-rules": _FEE,
    "PUT /late-fee-rules/{late_fee_rule_id}": _FEE,
    "PUT /giro-fee-setting": {"amount": 50_000},
    "POST /payments/{payment_id}/giro-fee": {"amount": 50_000},
    "PUT /day-notice-rule": {"mode": "always"},
    "PUT /customers/{customer_id}/day-notice-rule": {"mode": "always"},
    "POST /reminder-plans": _PLAN,
    "PUT /reminder-plans/{reminder_plan_id}": _PLAN,
    "POST /whatsapp-templates": {"name": "baru", "text": "Baru"},
    "PUT /whatsapp-templates/{whatsapp_template_id}": {"name": "baru", "text": "Baru"},
    "PUT /orders/{order_id}/day": {"date": "2099-12-01", "reason": "Baru"},
    "POST /gateways": {"kind": "xendit", "name": "Baru", "secret": "kunci", "methods": ["link"]},
    "PUT /gateways/{gateway_id}": {"kind": "sandbox", "name": "Baru", "methods": ["link"]},
    "PUT /qris": {"text": SANDBOX},
    "POST /credit-notes/{credit_note_id}/refunds": {"reason": "Baru"},
    "POST /credit-notes/{credit_note_id}/asked-refunds": {"reason": "Baru"},
    "POST /payments/{payment_id}/asked-refunds": {"way": "cash", "reason": "Baru", "amount": 7_600_000},
    "POST /payments/{payment_id}/refunds": {"way": "cash", "reason": "Baru", "amount": 1000},
    "PUT /whatsapp-settings": {"phone": "10987654321"},
    "POST /paper-templates": {"kind": "receipt", "name": "Baru"},
    "PATCH /paper-templates/{paper_template_id}": {"name": "Baru"},
    "PATCH /users/{user_id}": {"name": "Baru"},
    "POST /loyalty/members/{customer_id}/entries": {"points": 5, "reason": "Baru"},
    "POST /promotions/{promotion_id}/coupons": {"codes": ["BARU"]},
    "POST /journal-exports": {"since": "2026-01-01", "until": "2027-01-01"},
    "PUT /journal-profiles/{journal_profile_id}": {
        "name": "Baru",
        "columns": [["date", "code", "debit", "credit", ""]],
    },
    "PUT /account-map": {"accounts": [{"role": "cash", "code": "9000", "name": "Baru"}]},
    "POST /customers/{customer_id}/statement/sending": {
        "since": "2026-11-01",
        "until": "2026-11-30",
        "currency": "IDR",
        "to": ["sari@example.com"],
    },
    "PUT /currencies": {"other_currencies": ["SGD"]},
    "PUT /exchange-rates": {"rates": [{"currency": "USD", "date": "2026-11-18", "rate": "16450"}]},
    "PUT /tax-currency-rates": {"valid_from": "2026-11-18", "rates": [{"currency": "USD", "rate": "16450"}]},
}
"""Where the smallest body changes nothing, so that nothing is asked."""


def rights_of_operations() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for right, listed in OPERATIONS.items():
        kind, action = right.split()
        found |= dict.fromkeys(filter(None, map(str.strip, listed.splitlines())), (kind, action))
    return found
