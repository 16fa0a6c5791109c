from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "niaga.analytics"

    def ready(self) -> None:
        from niaga.organization.access import access_of
        from niaga.ui.registry import NavigationGroup, NavigationItem, navigation

        navigation.add(
            NavigationItem(
                key="home", label=_("Home"), icon="house", url_name="analytics:home", group=NavigationGroup.START,
                order=0, phone=1, shortcut="h", allowed=lambda request: request.user.is_authenticated,
            )
        )  # fmt: skip
        navigation.add(
            NavigationItem(
                key="margins", label=_("Margins"), icon="percent", url_name="analytics:margins",
                group=NavigationGroup.FIELD, order=90,
                allowed=lambda request: access_of(request.user).allows("report", "view")
                and access_of(request.user).allows("product", "see_cost"),
            )
        )  # fmt: skip
