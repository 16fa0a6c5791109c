from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.payments.models import BankStatement
from niaga.payments.queries.bank_statements import lock_statement
from niaga.payments.rules.layout import layout_of


@transaction.atomic
def lay_out_statement(*, statement_id: UUID, layout: Mapping[str, Any], by: Actor, at: datetime) -> BankStatement:
    """Say how a draft's CSV is read: which column is what, how days and amounts are written.

    :raises NotFound: no such statement
    :raises Forbidden: the person may not book bank lines
    :raises WrongState: it was taken in, or its format needs no layout
    """
    statement = lock_statement(statement_id)
    access_of(by).require("bank", "record", company_id=statement.company_id)
    if statement.status != "draft" or statement.file_format != "csv":
        raise WrongState()
    statement.layout = layout_of(layout).as_dict()
    batch = Batch()
    batch.update(
        BankStatement, where={"id": statement.pk, "status": "draft"},
        values={"layout": statement.layout, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    batch.write()
    return statement


@transaction.atomic
def discard_statement(*, statement_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a draft away: it never was.

    :raises NotFound: no such statement
    :raises Forbidden: the person may not book bank lines
    :raises WrongState: its lines were taken in
    """
    statement = lock_statement(statement_id)
    access_of(by).require("bank", "record", company_id=statement.company_id)
    if statement.status != "draft":
        raise WrongState()
    statement.delete()
