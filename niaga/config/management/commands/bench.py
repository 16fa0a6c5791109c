import importlib
import pkgutil
import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from niaga.config.environment import ROOT

# What `make bench` runs, with its arguments. Peers need software of others and are run by name.
ALL: list[list[str]] = [
    ["order-to-cash", "--lines", "10"],
    ["order-to-cash", "--lines", "1000"],
    ["confirm", "--procs", "2"],
    ["pages"],
    ["import"],
]


class Command(BaseCommand):
    help = "Run a benchmark; its last line is one JSON object. `all` runs each of them in turn."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="a module of bench/, or all")
        parser.add_argument("words", nargs=REMAINDER, help="the benchmark's own arguments")

    def handle(self, *args: Any, name: str, words: list[str], **options: Any) -> None:
        sys.path.insert(0, str(ROOT))
        known = self._known()
        for module, arguments in [(line[0], line[1:]) for line in ALL] if name == "all" else [(name, words)]:
            if module.replace("-", "_") not in known:
                raise CommandError(
                    f"There is no benchmark {module!r}. There are: {', '.join(sorted(known)) or 'none'}."
                )
            if name == "all":
                self.stderr.write(f"bench {module} {' '.join(arguments)}")
            importlib.import_module(f"bench.{module.replace('-', '_')}").main(arguments)

    def _known(self) -> set[str]:
        return {
            module.name for module in pkgutil.iter_modules([str(ROOT / "bench")]) if not module.name.startswith("_")
        }
