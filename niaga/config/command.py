"""The `niaga` command: the product's own verbs, and all of Django's."""

import os
import sys
from contextlib import nullcontext

from niaga.config import database, embedded

WITHOUT_DATABASE = {
    "",
    "help",
    "--help",
    "-h",
    "--version",
    "version",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "makemessages",
    "startapp",
    "startproject",
}
AS_OWNER = {"flush", "makemigrations", "migrate", "pgtrigger", "prepare", "sqlmigrate", "squashmigrations"}
"""Commands that change the schema, or compare it: they work as the owner of the tables."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; the embedded database is started for it when it needs one and none is running."""
    words = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niaga.config.settings")
    name = words[0] if words else ""
    if name == "up":
        from niaga.config.supervisor import up

        up()
        return
    if name in AS_OWNER:
        os.environ["NIAGA_ROLE"] = "owner"
    needs_database = name not in WITHOUT_DATABASE and not {"--help", "-h"} & set(words)
    try:
        with database.available() if needs_database else nullcontext():
            from django.core.management import execute_from_command_line

            execute_from_command_line(["niaga", *words])
    except (embedded.DatabaseUnavailable, database.UnfitDatabase) as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
