from django.urls import path

from niaga.invoicing.web import ageing_list, invoice_list, invoice_page, statement_page, tax_list, tax_pages, tax_rates

app_name = "invoicing"
urlpatterns = [
    path("invoices", invoice_list.InvoiceList.as_view(), name="invoices"),
    path("invoices/<uuid:invoice_id>", invoice_page.show_invoice, name="invoice"),
    path("invoices/<uuid:invoice_id>/issuance", invoice_page.issue, name="issue"),
    path("invoices/<uuid:invoice_id>/edit", invoice_page.edit, name="edit"),
    path("invoices/<uuid:invoice_id>/sending", invoice_page.send, name="send"),
    path("invoices/<uuid:invoice_id>/link", invoice_page.link, name="link"),
    path("invoices/<uuid:invoice_id>/stamp", invoice_page.stamp, name="stamp"),
    path("invoices/<uuid:invoice_id>/allocation", invoice_page.allocation, name="allocation"),
    path("invoices/<uuid:invoice_id>/tax-serial", tax_pages.tax_serial, name="tax_serial"),
    path("invoices/<uuid:invoice_id>/tax-facts", tax_pages.tax_facts, name="tax_facts"),
    path("invoices/<uuid:invoice_id>/tax-cancellation", tax_pages.tax_cancellation, name="tax_cancellation"),
    path("invoices/<uuid:invoice_id>/tax-exclusion", tax_pages.tax_exclusion, name="tax_exclusion"),
    path("invoices/<uuid:invoice_id>/tax-inclusion", tax_pages.tax_inclusion, name="tax_inclusion"),
    path("invoices/<uuid:invoice_id>/tax-slips", tax_pages.tax_slip, name="tax_slip"),
    path("tax-slips/<uuid:tax_slip_id>/reversal", tax_pages.tax_slip_reversal, name="tax_slip_reversal"),
    path("invoices/<uuid:invoice_id>/buyer-return", tax_pages.buyer_return, name="buyer_return"),
    path("ageing", ageing_list.AgeingList.as_view(), name="ageing"),
    path("ageing/<uuid:customer_id>", ageing_list.OpenItemList.as_view(), name="open_items"),
    path("customers/<uuid:customer_id>/statement", statement_page.show_statement, name="statement"),
    path("customers/<uuid:customer_id>/statement/sending", statement_page.send, name="send_statement"),
    path("tax-invoices", tax_list.TaxList.as_view(), name="tax_invoices"),
    path("tax-invoices/check", tax_pages.tax_check, name="tax_check"),
    path("tax-invoices/returns", tax_list.TaxReturnList.as_view(), name="tax_returns"),
    path("tax-invoices/rates", tax_list.TaxCurrencyRateList.as_view(), name="tax_currency_rates"),
    path("tax-invoices/rates/new", tax_rates.write_tax_rates, name="write_tax_rates"),
    path("tax-invoices/files", tax_list.TaxFileList.as_view(), name="tax_files"),
    path("tax-invoices/files/new", tax_pages.new_tax_file, name="new_tax_file"),
    path("tax-invoices/files/<uuid:tax_file_id>", tax_pages.show_tax_file, name="tax_file"),
    path("tax-invoices/files/<uuid:tax_file_id>/content", tax_pages.download_tax_file, name="download_tax_file"),
    path("tax-invoices/files/<uuid:tax_file_id>/withdrawal", tax_pages.withdrawal, name="withdraw_tax_file"),
]
