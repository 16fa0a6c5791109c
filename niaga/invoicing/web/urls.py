from django.urls import path

from niaga.invoicing.web import invoice_list, invoice_page

app_name = "invoicing"
urlpatterns = [
    path("invoices", invoice_list.InvoiceList.as_view(), name="invoices"),
    path("invoices/<uuid:invoice_id>", invoice_page.show_invoice, name="invoice"),
    path("invoices/<uuid:invoice_id>/issuance", invoice_page.issue, name="issue"),
    path("invoices/<uuid:invoice_id>/edit", invoice_page.edit, name="edit"),
    path("invoices/<uuid:invoice_id>/sending", invoice_page.send, name="send"),
    path("invoices/<uuid:invoice_id>/link", invoice_page.link, name="link"),
    path("invoices/<uuid:invoice_id>/allocation", invoice_page.allocation, name="allocation"),
]
