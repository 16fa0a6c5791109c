"""Deeds on deliveries and invoices that count on their orders."""

from django.urls import path

from niaga.sales.web import (
    billing,
    deliveries,
    delivery_day,
    invoices,
    milestones,
    pro_formas,
    put_right,
    schedule,
    why,
)

urlpatterns = [
    path("invoices/waiting", billing.WaitingList.as_view(), name="billing"),
    path("invoices/rule", billing.company_rule, name="billing_rule"),
    path("orders/<uuid:order_id>/billing", billing.order_billing, name="order_billing"),
    path("orders/<uuid:order_id>/milestones", milestones.plan, name="milestones"),
    path("milestones/<uuid:milestone_id>/invoice", milestones.bill, name="milestone_invoice"),
    path("customers/<uuid:customer_id>/billing-rule", billing.customer_rule, name="customer_billing_rule"),
    path("deliveries/week", schedule.show_week, name="delivery_week"),
    path("orders/<uuid:order_id>/day", schedule.reschedule, name="reschedule_order"),
    path("deliveries/day", delivery_day.show_day, name="delivery_day"),
    path("deliveries/day/plan", delivery_day.plan, name="plan_day"),
    path("deliveries/<uuid:delivery_id>/shipment", deliveries.ship, name="ship_delivery"),
    path("deliveries/<uuid:delivery_id>/cancellation", deliveries.cancel, name="cancel_delivery"),
    path("invoices/new", invoices.new_invoice, name="new_invoice"),
    path("invoices/<uuid:invoice_id>/discard", invoices.discard, name="discard_invoice"),
    path("invoices/<uuid:invoice_id>/credit", invoices.credit, name="credit_invoice"),
    path("invoices/<uuid:invoice_id>/correction", put_right.put_right, name="put_right"),
    path(
        "quotations/<uuid:quotation_id>/lines/<uuid:quotation_line_id>/why",
        why.quotation_line,
        name="quotation_line_why",
    ),
    path("orders/<uuid:order_id>/lines/<uuid:order_line_id>/why", why.order_line, name="order_line_why"),
    path("invoices/<uuid:invoice_id>/lines/<uuid:invoice_line_id>/why", why.invoice_line, name="invoice_line_why"),
    path("orders/<uuid:order_id>/down-payment", invoices.down_payment, name="down_payment"),
    path("orders/<uuid:order_id>/pro-formas", pro_formas.make, name="make_pro_forma"),
    path("pro-formas/<uuid:pro_forma_id>/sending", pro_formas.send, name="pro_forma_sending"),
    path("pro-formas/<uuid:pro_forma_id>/link", pro_formas.share, name="pro_forma_link"),
]
