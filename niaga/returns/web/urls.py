from django.urls import path

from niaga.returns.web import new_return, rates, return_page, settings, supplier_side, take_in, without_document
from niaga.returns.web.return_list import ReturnList
from niaga.returns.web.supplier_credit_list import SupplierCreditList

app_name = "returns"
urlpatterns = [
    path("returns", ReturnList.as_view(), name="returns"),
    path("returns/new", new_return.new_return, name="new"),
    path("returns/without-document", without_document.new_undocumented, name="new_undocumented"),
    path("returns/rates", rates.rates, name="rates"),
    path("returns/supplier-credits", SupplierCreditList.as_view(), name="supplier_credits"),
    path("returns/supplier-credits/<uuid:supplier_credit_id>", supplier_side.credit, name="supplier_credit"),
    path("returns/<uuid:return_id>/supplier-answer", supplier_side.answer, name="supplier_answer"),
    path("returns/<uuid:return_id>", return_page.show_return, name="return"),
    path("returns/<uuid:return_id>/authorization", return_page.authorize, name="authorization"),
    path("returns/<uuid:return_id>/rejection", return_page.reject, name="rejection"),
    path("returns/<uuid:return_id>/cancellation", return_page.cancel, name="cancellation"),
    path("returns/<uuid:return_id>/slip", return_page.send_slip, name="slip"),
    path("returns/<uuid:return_id>/approval", without_document.ask, name="ask_approval"),
    path("returns/<uuid:return_id>/order", without_document.find_order, name="find_order"),
    path("returns/<uuid:return_id>/order/link", without_document.link, name="link"),
    path("returns/<uuid:return_id>/receipt", take_in.receive, name="receipt"),
    path("returns/<uuid:return_id>/counting", take_in.count, name="counting"),
    path("returns/<uuid:return_id>/inspection", take_in.inspect, name="inspection"),
    path("returns/<uuid:return_id>/refurbishing", take_in.refurbished, name="refurbishing"),
    path("returns/<uuid:return_id>/settlement", return_page.settle, name="settlement"),
    path("settings/returns", settings.settings, name="settings"),
    path("settings/returns/usual", settings.edit_settings, name="usual"),
    path("settings/returns/reasons/new", settings.edit_reason, name="new_reason"),
    path("settings/returns/reasons/<uuid:return_reason_id>", settings.edit_reason, name="reason"),
    path("settings/returns/rules/new", settings.edit_rule, name="new_rule"),
    path("settings/returns/rules/<uuid:return_rule_id>", settings.edit_rule, name="rule"),
    path("settings/returns/rules/<uuid:return_rule_id>/removal", settings.remove, name="remove_rule"),
]
