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
    ["pricing"],
    ["coretax"],
    ["collect"],
    ["margins"],
    ["billing"],
    ["fulfil"],
    ["live"],
    ["paid"],
    ["memory"],
    ["pages"],
    ["import"],
    ["start"],
]


class Command(BaseCommand):
    help = "Run a benchmark; its last line is one JSON object. `all` runs each of them in turn."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="a module of bench/ (peers/tryton for one below), or all")
        parser.add_argument("words", nargs=REMAINDER, help="the benchmark's own arguments")

    def handle(self, *args: Any, name: str, words: list[str], **options: Any) -> None:
        sys.path.insert(0, str(ROOT))
        known = self._known()
        for module, arguments in [(line[0], line[1:]) for line in ALL] if name == "all" else [(name, words)]:
            module = module.replace("-", "_").replace("/", ".")
            if module not in known:
                raise CommandError(
                    f"There is no benchmark {module!r}. There are: {', '.join(sorted(known)) or 'none'}."
                )
            if name == "all":
                self.stderr.write(f"bench {module} {' '.join(arguments)}")
            importlib.import_module(f"bench.{module}").main(arguments)

    def _known(self) -> set[str]:
        """The modules that can be run, those of others below `peers`; private ones begin with an underscore."""
        found = set()
        for folder, prefix in ((ROOT / "bench", ""), (ROOT / "bench" / "peers", "peers.")):
            found |= {prefix + one.name for one in pkgutil.iter_modules([str(folder)]) if not one.ispkg}
        return {name for name in found if not name.rpartition(".")[2].startswith("_")}
