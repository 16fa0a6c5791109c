from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run the worker: jobs, events, heartbeat"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        from niaga.config.work import run_worker

        run_worker()
