from django.urls import path

from niaga.ledger.web import account_map, books, exports, profiles

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
    path(
        "books/exports/<uuid:journal_export_id>/profiles/<uuid:journal_profile_id>",
        profiles.download_in_profile,
        name="download_in_profile",
    ),
    path("books/profiles", profiles.show_profiles, name="profiles"),
    path("books/profiles/<uuid:journal_profile_id>", profiles.profile, name="profile"),
    path("books/profiles/<uuid:journal_profile_id>/removal", profiles.remove_profile, name="remove_profile"),
]
