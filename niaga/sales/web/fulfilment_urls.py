"""Deeds on deliveries and invoices that count on their orders."""

from django.urls import path

from niaga.sales.web import deliveries, invoices

urlpatterns = [
    path("deliveries/<uuid:delivery_id>/shipment", deliveries.ship, name="ship_delivery"),
    path("deliveries/<uuid:delivery_id>/cancellation", deliveries.cancel, name="cancel_delivery"),
    path("invoices/new", invoices.new_invoice, name="new_invoice"),
    path("invoices/<uuid:invoice_id>/discard", invoices.discard, name="discard_invoice"),
    path("invoices/<uuid:invoice_id>/credit", invoices.credit, name="credit_invoice"),
    path("orders/<uuid:order_id>/down-payment", invoices.down_payment, name="down_payment"),
]
