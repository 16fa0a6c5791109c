"""What a supplier answers and credits counts once, however many say so at once: real processes."""

from decimal import Decimal

import pytest

from niaga.core.errors import Refusal
from niaga.organization.access import SYSTEM
from niaga.returns.models import ReturnLine, SupplierCredit, SupplierCreditReceipt
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.note_supplier_credit import CreditDetails, note_supplier_credit
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.tests.shop import make_return
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from tests.makers import NOW, make_world
from tests.platform.test_drop_ship_races import make_drop_ship
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_of_five_that_were_sent_five_are_answered_and_credited_once_to_processes_that_say_more() -> None:
    world = make_world()
    drop = make_drop_ship(world, 5, address="Jl. Kebun 5")
    asked = drop.lines.get()
    told = Sent(unit_costs={asked.id: Decimal(70_000)})
    record_drop_shipment(drop_ship_id=drop.id, sent=told, by=SYSTEM, at=NOW)
    rma = make_return(world, drop.order, 5)
    authorize_return(return_id=rma.id, supplier_id=drop.supplier_id, by=SYSTEM, at=NOW)
    line = ReturnLine.objects.get()

    def answer() -> int:
        done = 0
        for _turn in range(3):
            try:
                item = AnswerItem(line.id, accepted=Decimal(1))
                record_supplier_answer(return_id=rma.id, items=[item], by=SYSTEM, at=NOW)
            except Refusal:
                continue
            done += 1
        return done

    said = sum(map(int, race([answer] * PROCESSES)))

    line.refresh_from_db()
    assert said == min(5, 3 * PROCESSES)
    assert (line.received, line.at_supplier, SupplierCredit.objects.count()) == (said, said, said)

    owed = SupplierCredit.objects.order_by("id")[0]

    def credit() -> int:
        try:
            note_supplier_credit(credit_id=owed.id, details=CreditDetails("money"), by=SYSTEM, at=NOW)
        except Refusal:
            return 0
        return 1

    noted = sum(map(int, race([credit] * PROCESSES)))

    assert (noted, SupplierCreditReceipt.objects.get().amount) == (1, 70_000)
    assert broken_promises() == []
