from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    name = "niaga.organization"

    def ready(self) -> None:
        from niaga.ui.registry import (
            NavigationGroup,
            NavigationItem,
            SettingsGroup,
            SettingsPlace,
            identity,
            navigation,
            settings_places,
        )

        navigation.add(
            NavigationItem(
                key="settings", label=_("Settings"), icon="settings", url_name="organization:settings",
                group=NavigationGroup.SETTINGS, allowed=_may("setting", "view"),
            )
        )  # fmt: skip
        identity.add("organization", _identity)
        sees, people = _may("setting", "view"), _may("user", "view")
        company, staff, selling = SettingsGroup.COMPANY, SettingsGroup.PEOPLE, SettingsGroup.SELLING
        for key, label, text, icon, group, order, allowed in (
            ("company", _("Company profile"), _("Name, address, NPWP, documents"), "building-2", company, 10, sees),
            ("fiscal", _("Tax and rounding"), _("PPN, prices with or without tax"), "percent", company, 20, sees),
            ("accounts", _("Bank accounts"), _("Where customers transfer to"), "landmark", company, 30, sees),
            (
                "currencies",
                _("Currencies and rates"),
                _("What you sell in, and exchange rates"),
                "coins",
                company,
                35,
                _may("exchange_rate", "view"),
            ),
            ("branches", _("Branches"), _("Offices, depots and stores"), "store", company, 40, sees),
            ("users", _("Users"), _("Who works here, and as what"), "users", staff, 10, people),
            ("roles", _("Roles"), _("Who may do what"), "shield", staff, 20, people),
            ("teams", _("Teams"), _("Who sees whose sales"), "network", staff, 30, sees),
            ("territories", _("Territories"), _("Sales areas"), "map", selling, 80, sees),
            (
                "incoming_calls",
                _("Incoming calls"),
                _("What other systems told, and what has stopped"),
                "inbox",
                SettingsGroup.CONNECTIONS,
                90,
                _may("setting", "manage"),
            ),
            ("channels", _("Channels"), _("Where sales come from"), "share-2", selling, 90, sees),
        ):
            settings_places.add(
                SettingsPlace(
                    key=key, label=label, text=text, icon=icon, url_name=f"organization:{key}", group=group,
                    order=order, allowed=allowed,
                )
            )  # fmt: skip


def _may(kind: str, action: str):  # type: ignore[no-untyped-def]
    def allowed(request: HttpRequest) -> bool:
        from niaga.organization.access import access_of

        return access_of(request.user).allows(kind, action)

    return allowed


def _identity(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Name, place and role of who looks; other companies to switch to, when there are any."""
    from niaga.organization.access import access_of
    from niaga.organization.web.labels import ROLES
    from niaga.ui.registry.frame import Choice, Identity

    access = access_of(request.user)
    if not access.companies:
        return Identity(name=str(request.user))
    here = access.current_company
    parts = [here.name] if len(access.companies) > 1 else []
    parts.append(access.default_branch.name)
    return Identity(
        name=str(request.user),
        place=" · ".join(parts),
        role=", ".join(sorted(str(ROLES.get(code, code)) for code in access.roles)),
        choices=[
            Choice(company.name, reverse("organization:choose_company", args=[company.id]), company.id == here.id)
            for company in access.companies
        ]
        if len(access.companies) > 1
        else (),
        links=((_("My profile"), reverse("organization:profile"), "circle-user"),),
    )
