"""What the running role cannot do, tried against the database itself."""

import os
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from niaga.catalog.tests.makers import AT, make_company, make_product
from niaga.config.database import admin_url, excess_rights
from niaga.config.rights import append_only_tables, excess_rights_of
from niaga.core.bases import NeverDeleted
from niaga.core.ids import new_id
from niaga.core.queries.never_deleted import names_of_never_deleted
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch
from niaga.organization.tests.makers import make_branch
from niaga.parties.services.create_customer import create_customer
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.stock.models import JointDelivery, Reservation
from niaga.stock.services import create_warehouse
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle

pytestmark = pytest.mark.django_db


def test_there_are_append_only_tables() -> None:
    assert {"core_auditentry"} <= set(append_only_tables())


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_rows_of_append_only_tables_are_never_changed(table: str, statement: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("model", NeverDeleted.__subclasses__())
def test_what_rows_name_without_a_foreign_key_is_never_deleted_nor_gets_another_key(model: type[NeverDeleted]) -> None:
    company = make_company()
    branch = Branch.objects.filter(company=company).first() or make_branch(company)
    place = create_warehouse(company_id=company.pk, branch_id=branch.pk, code="GD9", name="Gudang", by=SYSTEM)
    save_vehicle(vehicle_id=None, details=VehicleDetails(place.pk, "L 1 AA"), by=SYSTEM, at=AT)
    limits = CapacityInput(True, "orders", range(6), [None] * 7)
    save_capacity(warehouse_id=place.pk, given=limits, by=SYSTEM, at=AT)
    save_carrier(details=CarrierDetails("own", "Armada"), company_id=company.pk, by=SYSTEM, at=AT)
    buyer = create_customer(company_id=company.pk, name="Toko", by=SYSTEM, at=AT)
    JointDelivery.objects.create(
        company_id=company.pk, branch_id=branch.pk, warehouse_id=place.pk, customer_id=buyer.pk, number="KG-1",
        created_at=AT,
    )  # fmt: skip
    rows = set(model._default_manager.values_list("pk", flat=True))
    assert rows

    for statement in ("DELETE FROM {}", "UPDATE {} SET id = gen_random_uuid()"):
        with pytest.raises(Error, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(model._meta.db_table))

    assert set(model._default_manager.values_list("pk", flat=True)) == rows


def test_a_row_that_names_what_is_not_there_breaks_a_promise() -> None:
    company = make_company()
    product = make_product(company.pk)
    nowhere = new_id()
    Reservation.objects.create(
        company_id=company.pk, product=product, warehouse_id=nowhere, source_kind="order", source_id=new_id(),
        line_id=new_id(), quantity=1, created_at=AT,
    )  # fmt: skip

    found = {name: execute(check.sql) for name, check in names_of_never_deleted()}

    assert len(found) == 12
    assert {name: [row[1] for row in rows] for name, rows in found.items() if rows} == {
        "stock_reservation_warehouse_id_is_there": [nowhere]
    }


def execute(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_no_table_can_be_truncated() -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_outboxevent")


def test_the_schema_cannot_be_changed() -> None:
    for statement in (
        "CREATE TABLE stray (id int)",
        "DROP TABLE core_outboxevent",
        "ALTER TABLE core_outboxevent ADD x int",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_check_finds_nothing_to_object_to_in_the_running_role() -> None:
    assert excess_rights_of() == []
    call_command("check")


def test_check_fails_when_the_running_role_could_do_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(admin_url(os.environ["NIAGA_DATABASE"])) as admin:
        found = excess_rights(lambda sql, params: admin.execute(sql, params or None).fetchall(), append_only_tables())
    assert any("is a superuser" in line for line in found)
    assert any("may TRUNCATE core_auditentry" in line for line in found)
    assert any("may DELETE core_auditentry" in line for line in found)

    monkeypatch.setattr("niaga.config.management.commands.check.excess_rights_of", lambda: found)
    with pytest.raises(CommandError, match="must not"):
        call_command("check")
