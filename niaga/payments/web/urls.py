from django.urls import path

from niaga.payments.web import payment_list, payment_page, record

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
]
