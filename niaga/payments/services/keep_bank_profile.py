from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import own_bank_account
from niaga.payments.models import BankProfile


def ensure_profile(*, bank_account_id: UUID, company_id: UUID, by: Actor, at: datetime) -> None:
    """The account's row that its statements are locked by; twice is once."""
    batch = Batch()
    batch.sql(
        "profile",
        "INSERT INTO payments_bankprofile (id, company_id, bank_account_id, layout, books_certain, updated_by,"
        " updated_at)"
        " VALUES (%s::uuid, %s::uuid, %s::uuid, '{}'::jsonb, false, %s::uuid, %s::timestamptz)"
        " ON CONFLICT (bank_account_id) DO NOTHING RETURNING 1",
        [new_id(), company_id, bank_account_id, by.id, at],
    )
    batch.write()


@transaction.atomic
def keep_bank_profile(*, bank_account_id: UUID, books_certain: bool, by: Actor, at: datetime) -> None:
    """Say whether lines of an account that are certain are booked without a person.

    :raises Forbidden: the person may not manage bank statements
    :raises NotFound: it is not the company's bank account
    """
    access = access_of(by)
    access.require("bank", "manage")
    account = own_bank_account(account_id=bank_account_id, by=by)
    ensure_profile(bank_account_id=account.pk, company_id=account.company_id, by=by, at=at)
    profile = BankProfile.objects.select_for_update().get(bank_account_id=account.pk)
    if profile.books_certain == books_certain:
        return
    batch = Batch()
    batch.update(
        BankProfile, where={"id": profile.pk},
        values={"books_certain": books_certain, "updated_by": by.id, "updated_at": at},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="bank_account", subject_id=account.pk, verb="change", by=by.id, at=at,
        company_id=account.company_id, data={"books_certain": [profile.books_certain, books_certain]},
    )  # fmt: skip
    batch.write()
