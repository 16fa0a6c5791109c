"""Who hears of what: event kind (the class's name) -> names of the tasks that are told.

A task lives in an app's `subscribers` module, sits on the queue `events`, takes one keyword argument `event` (see
`niaga.config.relay.facts`), loads, and makes one service call. It may be told twice and must bear it.
"""

SUBSCRIPTIONS: dict[str, list[str]] = {
    "CompanyCreated": [
        "niaga.parties.subscribers.company_created",
        "niaga.catalog.subscribers.company_created",
        "niaga.returns.subscribers.company_created",
    ],
    "CallReceived": ["niaga.core.subscribers.call_received"],
    "EmailQueued": ["niaga.messaging.subscribers.email_queued"],
    "WhatsappQueued": ["niaga.messaging.subscribers.whatsapp_queued"],
    "PaymentRequested": ["niaga.payments.subscribers.payment_requested"],
    "PaymentRequestDoubted": ["niaga.payments.subscribers.payment_request_doubted"],
    "GatewayCheckAsked": ["niaga.payments.subscribers.gateway_check_asked"],
    "SandboxPaid": ["niaga.payments.subscribers.sandbox_paid"],
    "RefundAsked": ["niaga.payments.subscribers.refund_asked"],
    "UserInvited": ["niaga.messaging.subscribers.user_invited"],
    "QuotationSent": ["niaga.sales.subscribers.quotation_sent"],
    "QuotationAccepted": ["niaga.sales.subscribers.quotation_accepted"],
    "QuotationDeclined": ["niaga.sales.subscribers.quotation_declined"],
    "QuotationChanged": ["niaga.sales.subscribers.quotation_changed"],
    "ApprovalMoved": [
        "niaga.sales.subscribers.approval_moved",
        "niaga.payments.subscribers.approval_moved",
        "niaga.returns.subscribers.approval_moved",
    ],
    "ReturnAuthorized": ["niaga.returns.subscribers.return_authorized"],
    "StockReceived": ["niaga.sales.subscribers.stock_received"],
    "IncomingChanged": ["niaga.sales.subscribers.incoming_changed"],
    "SignInAsked": ["niaga.portal.subscribers.sign_in_asked"],
    "DisputeSettled": ["niaga.portal.subscribers.dispute_settled"],
    "PaymentRecorded": ["niaga.sales.subscribers.credit_freed", "niaga.portal.subscribers.payment_recorded"],
    "InvoiceAllocated": ["niaga.sales.subscribers.credit_freed"],
    "InvoiceIssued": [
        "niaga.sales.subscribers.invoice_issued",
        "niaga.sales.subscribers.points_due",
        "niaga.invoicing.subscribers.invoice_issued",
    ],
    "InvoiceCorrected": ["niaga.invoicing.subscribers.invoice_corrected"],
    "BillingChanged": ["niaga.sales.subscribers.billing_changed"],
    "DropShipAsked": ["niaga.sales.subscribers.drop_ship_asked"],
    "OrderChanged": ["niaga.sales.subscribers.order_changed"],
    "OrderConfirmed": ["niaga.sales.subscribers.order_confirmed"],
    "DeliveryShipped": [
        "niaga.sales.subscribers.delivery_shipped",
        "niaga.sales.subscribers.delivery_to_bill",
        "niaga.shipping.subscribers.delivery_shipped",
    ],
    "ShipmentAsked": ["niaga.shipping.subscribers.shipment_asked"],
}
