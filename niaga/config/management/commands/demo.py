from typing import Any

from django.core.management.base import BaseCommand, CommandError

from niaga.config.demo import demo_log_ins, is_empty, load_demo


class Command(BaseCommand):
    help = "Load the demo company into an empty database"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_empty():
            raise CommandError(
                "There is a company in this database already; the demo is loaded only into an empty one."
            )
        load_demo(say=self.stdout.write)
        for person in demo_log_ins():
            self.stdout.write(
                f"  {person['role']:<16} {person['username']:<14} {person['password']:<14} {person['name']}"
            )
