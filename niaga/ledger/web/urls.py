from django.urls import path

from niaga.ledger.web import books

app_name = "ledger"
urlpatterns = [
    path("books", books.show_trial_balance, name="trial_balance"),
    path("books/journal", books.JournalList.as_view(), name="journal"),
    path("books/months", books.show_periods, name="periods"),
    path("books/months/change", books.change_period, name="change_period"),
]
