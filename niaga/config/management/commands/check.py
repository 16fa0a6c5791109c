from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangoCheck

from niaga.config.invariants import Broken, check_invariants
from niaga.config.rights import excess_rights_of

SHOWN = 5


class Command(DjangoCheck):
    help = (
        "Check the code and the rights of the running database role. "
        "`check invariants` searches the data for rows that break a promise."
    )

    def handle(self, *labels: Any, **options: Any) -> None:
        if labels == ("invariants",):
            self._invariants()
            return
        super().handle(*labels, **options)
        if not labels and not options.get("list_tags"):
            if excess := excess_rights_of():
                raise CommandError("The running database role could do what it must not:\n  " + "\n  ".join(excess))
            self.stdout.write("The running database role can do what it must, and no more.")

    def _invariants(self) -> None:
        broken: list[Broken] = []
        total = 0
        for result in check_invariants():
            total += 1
            verdict = "ok" if not result.count else f"{result.count} broken"
            self.stdout.write(f"  {verdict:<14} {result.seconds:6.2f} s  {result.name}: {result.promise}")
            if result.count:
                broken.append(result)
        for result in broken:
            self.stdout.write(f"\n{result.name}: {result.promise}")
            for row in result.rows[:SHOWN]:
                self.stdout.write("  " + ", ".join(f"{name}={value}" for name, value in row.items()))
            if result.count > SHOWN:
                self.stdout.write(f"  … and {result.count - SHOWN} more")
        if broken:
            raise CommandError(f"{len(broken)} of {total} promises are broken.")
        self.stdout.write(f"All {total} promises hold.")
