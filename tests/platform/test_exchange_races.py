"""Two collectors, one invoice: real processes, each with its own connection."""

from datetime import date

import pytest

from niaga.core.errors import WrongState
from niaga.invoicing.errors import DecidedAlready, ExchangedAlready, InAnotherRound
from niaga.invoicing.models import ExchangeItem, ExchangeRound, InvoiceBalance
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.tests.makers import make_claim
from niaga.invoicing.tests.test_exchanges import TODAY, make_buyer, plan
from tests.makers import NOW, make_world
from tests.platform.test_races import PROCESSES, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_an_invoice_that_many_plan_at_once_stands_on_one_round() -> None:
    world = make_world()
    claim = make_claim(world, make_buyer(world))

    def ask() -> str:
        try:
            plan_exchange_round(
                date=TODAY, collector_id=world.owner.id, invoice_ids=[claim.pk], by=world.owner, at=NOW
            )  # fmt: skip
        except (InAnotherRound, ExchangedAlready):
            return "refused"
        return "planned"

    said = race([ask] * PROCESSES)

    assert sorted(said) == ["planned", *["refused"] * (PROCESSES - 1)]
    assert (ExchangeRound.objects.count(), ExchangeItem.objects.count()) == (1, 1)


def test_what_two_note_at_once_is_noted_once_and_the_round_ends() -> None:
    world = make_world()
    claim = make_claim(world, make_buyer(world))
    round_id = plan(world, claim)

    def note(outcome: str) -> str:
        try:
            record_exchange(
                round_id=round_id, invoice_ids=[claim.pk], by=world.owner, at=NOW,
                outcome=Outcome(outcome, received_by_name="Bu Ratna", reason="Kurang berkas"),
            )  # fmt: skip
        except (DecidedAlready, WrongState):
            return "refused"
        return outcome

    said = race([lambda: note("taken"), lambda: note("refused")])

    item = ExchangeItem.objects.get()
    assert item.outcome in said
    assert ExchangeRound.objects.get().status == "done"
    taken = item.outcome == "taken"
    assert InvoiceBalance.objects.get().due_date == (date(2026, 12, 23) if taken else None)
