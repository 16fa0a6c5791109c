from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from niaga.core.clock import now
from niaga.core.errors import Refusal


class Command(BaseCommand):
    help = "`token create --user U --name N` makes an API token and prints it alone; it is shown this once."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make a token and print it")
        create.add_argument("--user", required=True, help="user name or e-mail")
        create.add_argument("--name", required=True, help="what it is for")
        create.add_argument("--days", type=int, default=0, help="until it expires; 0: not by itself")
        create.add_argument("--read-only", action="store_true", help="no POST, PATCH or DELETE")

    def handle(self, *args: Any, user: str, name: str, days: int, read_only: bool, **options: Any) -> None:
        from niaga.organization.services.create_token import create_token

        person = get_user_model().objects.filter(Q(username__iexact=user) | Q(email__iexact=user)).first()
        if person is None:
            raise CommandError(f"There is no user {user!r}.")
        try:
            token = create_token(
                user_id=person.pk,
                name=name,
                scopes=("read",) if read_only else ("read", "write"),
                days=days or None,
                by=person,
                at=now(),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(token.text)
