"""Addresses of approvals."""

from django.urls import path

from niaga.approvals.web import delegations, queue, request_page, rule_form

app_name = "approvals"
urlpatterns = [
    path("approvals", queue.queue, name="approvals"),
    path("approvals/all", queue.RequestList.as_view(), name="requests"),
    path("approvals/<uuid:approval_id>", request_page.show, name="approval"),
    path("approvals/<uuid:approval_id>/approval", request_page.approve, name="approve"),
    path("approvals/<uuid:approval_id>/rejection", request_page.reject, name="reject"),
    path("approvals/<uuid:approval_id>/withdrawal", request_page.withdraw, name="withdraw"),
    path("settings/approvals", rule_form.rules, name="rules"),
    path("settings/approvals/new", rule_form.edit_rule, name="new_rule"),
    path("settings/approvals/telling", rule_form.tell, name="tell_rule"),
    path("settings/approvals/<uuid:approval_rule_id>", rule_form.edit_rule, name="rule"),
    path("settings/delegations", delegations.delegation_page, name="delegations"),
    path("settings/delegations/<uuid:delegation_id>/end", delegations.end, name="end_delegation"),
]
