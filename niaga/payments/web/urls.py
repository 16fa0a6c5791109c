from django.urls import path

from niaga.payments.web import (
    bank_accounts,
    bank_line,
    bank_lists,
    bank_statement,
    payment_list,
    payment_page,
    record,
)

app_name = "payments"
urlpatterns = [
    path("payments", payment_list.PaymentList.as_view(), name="payments"),
    path("payments/new", record.new_payment, name="new"),
    path("payments/<uuid:payment_id>", payment_page.show_payment, name="payment"),
    path("payments/<uuid:payment_id>/reversal", payment_page.reversal, name="reversal"),
    path("payments/<uuid:payment_id>/giro-return", payment_page.giro_return, name="giro_return"),
    path("payments/<uuid:payment_id>/clearing", payment_page.clearing, name="clearing"),
    path("payments/<uuid:payment_id>/stamp", payment_page.stamp, name="stamp"),
    path("payments/<uuid:payment_id>/allocation", payment_page.allocation, name="allocation"),
    path("bank", bank_accounts.bank, name="bank"),
    path("bank/lines", bank_lists.BankLineList.as_view(), name="bank_lines"),
    path("bank/payers", bank_lists.KnownPayerList.as_view(), name="known_payers"),
    path("bank/accounts/<uuid:bank_account_id>", bank_accounts.show_account, name="bank_account"),
    path("bank/accounts/<uuid:bank_account_id>/statements", bank_accounts.send_statement, name="send_statement"),
    path("bank/accounts/<uuid:bank_account_id>/setting", bank_accounts.setting, name="bank_setting"),
    path("bank/statements/<uuid:bank_statement_id>", bank_statement.show_statement, name="bank_statement"),
    path("bank/statements/<uuid:bank_statement_id>/taking", bank_statement.taking, name="taking"),
    path("bank/statements/<uuid:bank_statement_id>/discarding", bank_statement.discarding, name="discarding"),
    path("bank/statements/<uuid:bank_statement_id>/certain", bank_statement.certain, name="certain"),
    path("bank/lines/<uuid:bank_line_id>", bank_line.show_line, name="bank_line"),
    path("bank/lines/<uuid:bank_line_id>/accepting", bank_line.accepting, name="accepting"),
    path("bank/lines/<uuid:bank_line_id>/booking", bank_line.booking, name="booking"),
    path("bank/lines/<uuid:bank_line_id>/unbooking", bank_line.unbooking, name="unbooking"),
]
