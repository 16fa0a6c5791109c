from django.urls import path

from niaga.ledger.web import account_map, books, exports

app_name = "ledger"
urlpatterns = [
    path("books", books.show_trial_balance, name="trial_balance"),
    path("books/journal", books.JournalList.as_view(), name="journal"),
    path("books/months", books.show_periods, name="periods"),
    path("books/months/change", books.change_period, name="change_period"),
    path("books/accounts", account_map.accounts, name="accounts"),
    path("books/exports", exports.ExportList.as_view(), name="exports"),
    path("books/exports/new", exports.new_export, name="new_export"),
    path("books/exports/<uuid:journal_export_id>", exports.show_export, name="export"),
    path("books/exports/<uuid:journal_export_id>/<str:file_format>", exports.download_export, name="download_export"),
]
