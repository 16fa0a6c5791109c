from django.urls import path

from niaga.sales.web import (
    customers,
    grid,
    order_form,
    order_list,
    order_page,
    quotation_form,
    quotation_list,
    templates,
)
from niaga.sales.web import quotation_page as offer

app_name = "sales"
urlpatterns = [
    path("quotations", quotation_list.QuotationList.as_view(), name="quotations"),
    path("quotations/new", quotation_form.new_quotation, name="new_quotation"),
    path("quotations/templates", templates.templates, name="templates"),
    path("quotations/templates/<uuid:template_id>/archive", templates.archive, name="template_archive"),
    path("quotations/<uuid:quotation_id>", offer.quotation, name="quotation"),
    path("quotations/<uuid:quotation_id>/edit", quotation_form.edit_quotation, name="quotation_edit"),
    path("quotations/<uuid:quotation_id>/sending", offer.send, name="quotation_sending"),
    path("quotations/<uuid:quotation_id>/acceptance", offer.accept, name="quotation_acceptance"),
    path("quotations/<uuid:quotation_id>/revision", offer.revise, name="quotation_revision"),
    path("quotations/<uuid:quotation_id>/decline", offer.decline, name="quotation_decline"),
    path("quotations/<uuid:quotation_id>/cancellation", offer.cancel, name="quotation_cancellation"),
    path("quotations/<uuid:quotation_id>/copy", offer.duplicate, name="quotation_copy"),
    path("quotations/<uuid:quotation_id>/template", offer.keep_template, name="quotation_template"),
    path("quotations/<uuid:quotation_id>/notes", offer.note, name="quotation_note"),
    path("quotations/<uuid:quotation_id>/link", offer.share, name="quotation_link"),
    path("quotations/<uuid:quotation_id>/versions", offer.versions, name="quotation_versions"),
    path("orders", order_list.OrderList.as_view(), name="orders"),
    path("orders/new", order_form.new_order, name="new_order"),
    path("orders/<uuid:order_id>", order_page.order, name="order"),
    path("orders/<uuid:order_id>/edit", order_form.edit_order, name="order_edit"),
    path("orders/<uuid:order_id>/confirmation", order_page.confirmation, name="order_confirmation"),
    path("orders/<uuid:order_id>/deliveries", order_page.deliver, name="order_delivery"),
    path("orders/<uuid:order_id>/invoices", order_page.invoice, name="order_invoice"),
    path("orders/<uuid:order_id>/cancellation", order_page.cancel, name="order_cancellation"),
    path("orders/<uuid:order_id>/rest", order_page.rest, name="order_rest"),
    path("orders/<uuid:order_id>/closure", order_page.close, name="order_closure"),
    path("orders/<uuid:order_id>/hold", order_page.hold, name="order_hold"),
    path("orders/<uuid:order_id>/notes", order_page.note, name="order_note"),
    path("sales/grid/products", grid.products, name="grid_products"),
    path("sales/grid/preview", grid.preview, name="grid_preview"),
    path("sales/customers", customers.add_customer, name="add_customer"),
]
