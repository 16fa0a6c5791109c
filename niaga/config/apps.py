from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """The roof: it comes last, when all tables are there."""

    name = "niaga.config"
    label = "config"

    def ready(self) -> None:
        from procrastinate.contrib.django import app

        app.perform_import_paths()  # type: ignore[no-untyped-call]  # the tasks in `subscribers`: whoever defers them must know their queues
        # The signal comes once for each app with models; after the last one, all tables are there.
        last = [app for app in apps.get_app_configs() if app.models_module is not None][-1]
        post_migrate.connect(_grant_after_migrate, sender=last, dispatch_uid="niaga.config.rights")


def _grant_after_migrate(*, using: str, **_others: Any) -> None:
    from niaga.config.rights import grant_rights_on

    grant_rights_on(using)
