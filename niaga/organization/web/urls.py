"""Addresses of settings and profile, mounted at the root."""

from django.urls import path

from niaga.organization.web import company, currencies, incoming_calls, places, profile, roles, settings, users

app_name = "organization"
urlpatterns = [
    path("settings", settings.settings_page, name="settings"),
    path("settings/company", company.company, name="company"),
    path("settings/fiscal", company.fiscal, name="fiscal"),
    path("settings/bank-accounts", company.accounts, name="accounts"),
    path("settings/bank-accounts/new", company.account, name="account_new"),
    path("settings/bank-accounts/<uuid:account_id>", company.account, name="account"),
    path("settings/bank-accounts/<uuid:account_id>/archive", company.account_archive, name="account_archive"),
    path("settings/currencies", currencies.ExchangeRateList.as_view(), name="currencies"),
    path("settings/currencies/choice", currencies.choice, name="currency_choice"),
    path("settings/currencies/rates", currencies.write_rates, name="exchange_rates"),
    path("settings/incoming-calls", incoming_calls.IncomingCallList.as_view(), name="incoming_calls"),
    path("settings/branches", places.BranchList.as_view(), name="branches"),
    path("settings/branches/new", places.branch, name="branch_new"),
    path("settings/branches/<uuid:branch_id>", places.branch, name="branch"),
    path("settings/branches/<uuid:branch_id>/archive", places.branch_archive, name="branch_archive"),
    path("settings/users", users.UserList.as_view(), name="users"),
    path("settings/users/new", users.user_new, name="user_new"),
    path("settings/users/<uuid:user_id>", users.user, name="user"),
    path("settings/users/<uuid:user_id>/activity", users.user_activity, name="user_activity"),
    path("settings/users/<uuid:user_id>/password-link", users.user_password_link, name="user_password_link"),
    path(
        "settings/users/<uuid:user_id>/roles/<uuid:membership_id>/removal",
        users.membership_removal,
        name="membership_removal",
    ),
    path("settings/roles", roles.roles, name="roles"),
    path("settings/roles/new", roles.role_new, name="role_new"),
    path("settings/roles/<uuid:role_id>", roles.role, name="role"),
    path("companies/<uuid:company_id>/choice", company.choose_company, name="choose_company"),
    path("profile", profile.profile, name="profile"),
    path("profile/tokens", profile.tokens, name="tokens"),
    path("profile/tokens/<uuid:token_id>/removal", profile.token_removal, name="token_removal"),
]
for kind, kept in places.KINDS.items():
    one = {"kind": kind}
    urlpatterns += [
        path(f"settings/{kind}", places.kept_list, one, name=kind),
        path(f"settings/{kind}/new", places.kept_one, one, name=f"{kept.key}_new"),
        path(f"settings/{kind}/<uuid:row_id>", places.kept_one, one, name=kept.key),
        path(f"settings/{kind}/<uuid:row_id>/archive", places.kept_archive, one, name=f"{kept.key}_archive"),
    ]
