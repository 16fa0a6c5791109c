import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import own_bank_account
from niaga.payments.errors import BadStatement
from niaga.payments.models import BankProfile, BankStatement
from niaga.payments.rules.layout import Layout, layout_of
from niaga.payments.rules.read_lines import MOST_BYTES, UnreadableStatement
from niaga.payments.rules.read_statement import first_layout, format_of
from niaga.payments.services.keep_bank_profile import ensure_profile
from niaga.payments.wording import statement_fault


@transaction.atomic
def receive_statement(
    *, bank_account_id: UUID, chunks: Iterable[bytes], file_name: str, by: Actor, at: datetime
) -> BankStatement:
    """Keep a bank's file as a draft, to be looked at before its lines are taken in. A CSV is read as the account's last
    one was, or as a known heading says.

    :raises Forbidden: the person may not book bank lines
    :raises NotFound: it is not the company's bank account
    :raises BadStatement: it is too large, empty, or no statement; the message says why
    """
    access = access_of(by)
    access.require("bank", "record")
    account = own_bank_account(account_id=bank_account_id, by=by)
    try:
        raw = _whole(chunks)
        file_format = format_of(raw)
        profile = BankProfile.objects.filter(bank_account_id=account.pk).first()
        kept = layout_of(profile.layout) if profile and profile.layout else None
        layout = first_layout(raw, kept) if file_format == "csv" else Layout()
    except UnreadableStatement as error:
        raise BadStatement(statement_fault(error), field="file") from error
    ensure_profile(bank_account_id=account.pk, company_id=account.company_id, by=by, at=at)
    statement = BankStatement(
        id=new_id(), company_id=account.company_id, bank_account_id=account.pk, status="draft",
        file_name=file_name.strip()[-200:] or "statement", file_format=file_format, file_bytes=raw,
        file_sha256=hashlib.sha256(raw).hexdigest(), layout=layout.as_dict(), currency=account.currency,
        created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        BankStatement, [{one.attname: getattr(statement, one.attname) for one in BankStatement._meta.concrete_fields}]
    )
    batch.write()
    return statement


def _whole(chunks: Iterable[bytes]) -> bytes:
    """The file; reading stops where it is too large."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > MOST_BYTES:
            raise UnreadableStatement("too_large", text=str(MOST_BYTES // 1024 // 1024))
    return bytes(found)
