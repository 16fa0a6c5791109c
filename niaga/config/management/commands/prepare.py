import json
import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from niaga.config.database import analyze, configuration
from niaga.config.environment import data_folder, switched_on


class Command(BaseCommand):
    help = "Make the database ready: migrations, rights and, when it is empty, the demo company (part of `up`)"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        connection.close()
        os.environ["NIAGA_ROLE"] = "app"
        connection.settings_dict.update(configuration())
        settings.DATABASES["default"].update(configuration())
        self._load_demo()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Migrating the database")
            call_command("migrate", interactive=False, verbosity=0)
        else:
            from niaga.config.rights import grant_rights_on

            grant_rights_on()

    def _load_demo(self) -> None:
        from niaga.config.demo import demo_log_ins, is_empty, load_demo

        if switched_on("NIAGA_DEMO", True) and is_empty():
            load_demo(say=self.stdout.write)
            analyze()
        (data_folder() / "demo-log-ins.json").write_text(json.dumps(demo_log_ins()))
