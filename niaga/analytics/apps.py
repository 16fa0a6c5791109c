from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "niaga.analytics"

    def ready(self) -> None:
        from niaga.ui.registry import NavigationGroup, NavigationItem, navigation

        navigation.add(
            NavigationItem(
                key="home", label=_("Home"), icon="house", url_name="analytics:home", group=NavigationGroup.START,
                order=0, phone=1, shortcut="h", allowed=lambda request: request.user.is_authenticated,
            )
        )  # fmt: skip
