"""`/customers`: who buys, with their people, places, credit, consent and story."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.api.schemas import (
    AddressIn,
    AddressOut,
    ConsentIn,
    ConsentOut,
    ContactIn,
    ContactOut,
    CreditIn,
    CreditRaiseIn,
    CreditRaiseOut,
    CustomerIn,
    CustomerOut,
    CustomerPatch,
    CustomerQuery,
    CustomerRow,
    NoteIn,
    TaxTreatmentIn,
    TaxTreatmentOut,
    TimelineOut,
)
from niaga.parties.models import Customer
from niaga.parties.queries.credit import raises_of
from niaga.parties.queries.customer_lists import consents_of, narrowed_customers, timeline_of, whole_customer
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.tax_treatments import tax_treatments_of
from niaga.parties.services.archive_customer import archive_customer
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.record_consent import record_consent
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.parties.services.set_credit import set_credit
from niaga.parties.services.update_customer import update_customer
from niaga.parties.services.write_note import write_note

router = Router(tags=["customers"])


def _shown(request: HttpRequest, response: HttpResponse, customer_id: UUID) -> Customer:
    customer: Customer = whole_customer(request.user, customer_id)
    response["ETag"] = etag(customer.version)
    return customer


@router.get("", response=Page[CustomerRow], summary="List customers")
def list_customers(request: HttpRequest, query: Query[CustomerQuery]) -> Any:
    access_of(request.user).require("customer", "view")
    rows = narrowed_customers(request.user, **query.dict(exclude={"cursor", "limit"}))
    items, next_cursor = cursor_page(rows, order=("id",), query=query)
    return {"items": items, "next_cursor": next_cursor}


@router.post("", response={201: CustomerOut}, summary="Create a customer")
def create(request: HttpRequest, response: HttpResponse, body: CustomerIn) -> Any:
    company_id = access_of(request.user).current_company.id
    customer = create_customer(company_id=company_id, by=request.user, at=now(), **body.facts())
    response["Location"] = f"{request.path}/{customer.pk}"
    return Status(201, _shown(request, response, customer.pk))


@router.get("/{customer_id}", response=CustomerOut, summary="Show a customer")
def show(request: HttpRequest, response: HttpResponse, customer_id: UUID) -> Any:
    return _shown(request, response, customer_id)


@router.patch("/{customer_id}", response=CustomerOut, summary="Change a customer")
def change(request: HttpRequest, response: HttpResponse, customer_id: UUID, body: CustomerPatch) -> Any:
    changes = body.dict(exclude_unset=True)
    if "tag_ids" in changes:
        changes["tag_ids"] = tuple(changes["tag_ids"])
    update_customer(customer_id=customer_id, by=request.user, at=now(), version=expected_version(request), **changes)
    return _shown(request, response, customer_id)


@router.put("/{customer_id}/archive", response=CustomerOut, summary="Archive a customer")
def archive(request: HttpRequest, response: HttpResponse, customer_id: UUID) -> Any:
    archive_customer(customer_id=customer_id, by=request.user, at=now(), version=expected_version(request))
    return _shown(request, response, customer_id)


@router.delete("/{customer_id}/archive", response=CustomerOut, summary="Restore a customer")
def restore(request: HttpRequest, response: HttpResponse, customer_id: UUID) -> Any:
    archive_customer(
        customer_id=customer_id, by=request.user, at=now(), version=expected_version(request), restore=True
    )
    return _shown(request, response, customer_id)


@router.put("/{customer_id}/credit", response=CustomerOut, summary="Set limit and hold")
def credit(request: HttpRequest, response: HttpResponse, customer_id: UUID, body: CreditIn) -> Any:
    set_credit(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return _shown(request, response, customer_id)


@router.get("/{customer_id}/credit-raises", response=Page[CreditRaiseOut], summary="List raises of a limit")
def list_credit_raises(request: HttpRequest, customer_id: UUID, query: Query[PageQuery]) -> Any:
    """How the customer's limit was raised, the last first; the last one counts through its day."""
    return page_of(raises_of(customer_id=customer_id, by=request.user), order=("-at", "-id"), query=query)


@router.post("/{customer_id}/credit-raises", response={201: CustomerOut}, summary="Raise a limit for a while")
def add_credit_raise(request: HttpRequest, response: HttpResponse, customer_id: UUID, body: CreditRaiseIn) -> Any:
    """Raise the limit through a last day; then it is as before by itself. A new raise takes the place of the last."""
    raise_credit(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return Status(201, _shown(request, response, customer_id))


@router.post("/{customer_id}/contacts", response={201: ContactOut}, summary="Add a contact")
def add_contact(request: HttpRequest, customer_id: UUID, body: ContactIn) -> Any:
    return Status(201, save_contact(customer_id=customer_id, by=request.user, at=now(), **body.dict()))


@router.patch("/{customer_id}/contacts/{contact_id}", response=ContactOut, summary="Change a contact")
def change_contact(request: HttpRequest, customer_id: UUID, contact_id: UUID, body: ContactIn) -> Any:
    return save_contact(
        customer_id=customer_id, contact_id=contact_id, by=request.user, at=now(), **body.dict(exclude_unset=True)
    )


@router.delete("/{customer_id}/contacts/{contact_id}", response={204: None}, summary="Archive a contact")
def archive_contact(request: HttpRequest, customer_id: UUID, contact_id: UUID) -> Any:
    save_contact(customer_id=customer_id, contact_id=contact_id, by=request.user, at=now(), archive=True)
    return Status(204, None)


@router.post("/{customer_id}/addresses", response={201: AddressOut}, summary="Add an address")
def add_address(request: HttpRequest, customer_id: UUID, body: AddressIn) -> Any:
    return Status(201, save_address(customer_id=customer_id, by=request.user, at=now(), **body.dict()))


@router.patch("/{customer_id}/addresses/{address_id}", response=AddressOut, summary="Change an address")
def change_address(request: HttpRequest, customer_id: UUID, address_id: UUID, body: AddressIn) -> Any:
    return save_address(
        customer_id=customer_id, address_id=address_id, by=request.user, at=now(), **body.dict(exclude_unset=True)
    )


@router.delete("/{customer_id}/addresses/{address_id}", response={204: None}, summary="Archive an address")
def archive_address(request: HttpRequest, customer_id: UUID, address_id: UUID) -> Any:
    save_address(customer_id=customer_id, address_id=address_id, by=request.user, at=now(), archive=True)
    return Status(204, None)


@router.get("/{customer_id}/tax-treatments", response=Page[TaxTreatmentOut], summary="List tax treatments")
def list_tax_treatments(request: HttpRequest, customer_id: UUID, query: Query[PageQuery]) -> Any:
    """How the customer is taxed in place of the usual, the latest first."""
    rows = tax_treatments_of(customer_id=customer_id, by=request.user)
    return page_of(rows, order=("-valid_from", "-id"), query=query)


@router.post("/{customer_id}/tax-treatments", response={201: TaxTreatmentOut}, summary="Add a tax treatment")
def add_tax_treatment(request: HttpRequest, customer_id: UUID, body: TaxTreatmentIn) -> Any:
    """Documents from its day on are taxed by it; those that are written keep what they froze."""
    return Status(201, save_tax_treatment(customer_id=customer_id, by=request.user, at=now(), **body.dict()))


@router.put("/{customer_id}/tax-treatments/{treatment_id}", response=TaxTreatmentOut, summary="Change a tax treatment")
def change_tax_treatment(request: HttpRequest, customer_id: UUID, treatment_id: UUID, body: TaxTreatmentIn) -> Any:
    return save_tax_treatment(
        customer_id=customer_id, treatment_id=treatment_id, by=request.user, at=now(), **body.dict()
    )


@router.delete("/{customer_id}/tax-treatments/{treatment_id}", response={204: None}, summary="Remove a tax treatment")
def remove_tax_treatment(request: HttpRequest, customer_id: UUID, treatment_id: UUID) -> Any:
    save_tax_treatment(customer_id=customer_id, treatment_id=treatment_id, by=request.user, at=now(), remove=True)
    return Status(204, None)


@router.get("/{customer_id}/consents", response=Page[ConsentOut], summary="List consents")
def list_consents(request: HttpRequest, customer_id: UUID, query: Query[PageQuery]) -> Any:
    return page_of(consents_of(customer_for(request.user, customer_id).pk), order=("-at", "-id"), query=query)


@router.post("/{customer_id}/consents", response={201: ConsentOut}, summary="Record consent")
def add_consent(request: HttpRequest, customer_id: UUID, body: ConsentIn) -> Any:
    record_consent(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return Status(201, consents_of(customer_id).first())


@router.get("/{customer_id}/timeline", response=Page[TimelineOut], summary="List the timeline")
def timeline(request: HttpRequest, customer_id: UUID, query: Query[PageQuery]) -> Any:
    rows = timeline_of(customer_for(request.user, customer_id).pk)
    items, next_cursor = cursor_page(rows, order=("-at", "-id"), query=query)
    return {"items": items, "next_cursor": next_cursor}


@router.post("/{customer_id}/notes", response={201: TimelineOut}, summary="Write a note")
def add_note(request: HttpRequest, customer_id: UUID, body: NoteIn) -> Any:
    write_note(customer_id=customer_id, text=body.text, by=request.user, at=now())
    return Status(201, timeline_of(customer_id)[0])
