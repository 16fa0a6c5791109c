"""The import files of accounting programs: sent once, their columns pointed at, filled by every export."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.ledger.api import schemas
from niaga.ledger.queries.journal_profiles import journal_profile_for, journal_profiles
from niaga.ledger.services.add_journal_profile import add_journal_profile
from niaga.ledger.services.change_journal_profile import change_journal_profile, remove_journal_profile
from niaga.organization.access import access_of

router = Router(tags=["ledger"])


@router.get("/journal-profiles", response=Page[schemas.JournalProfileOut], summary="List import files to fill")
def list_journal_profiles(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("ledger", "view")
    return page_of(journal_profiles(by=request.user), order=("name", "id"), query=query)


@router.post("/journal-profiles", response={201: schemas.JournalProfileOut}, summary="Send an import file to fill")
def post_journal_profile(
    request: HttpRequest, response: HttpResponse, body: Form[schemas.JournalProfileIn], file: File[UploadedFile]
) -> Any:
    """An accounting program's empty template, XLSX or CSV of at most 2 MB. What its columns mean is proposed."""
    made = add_journal_profile(
        company_id=access_of(request.user).current_company.id, name=body.name, chunks=file.chunks(), by=request.user,
        at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/journal-profiles/{made.id}"
    return Status(201, made)


@router.get(
    "/journal-profiles/{journal_profile_id}", response=schemas.JournalProfileOut, summary="Show an import file to fill"
)
def read_journal_profile(request: HttpRequest, journal_profile_id: UUID) -> Any:
    access_of(request.user).require("ledger", "view")
    return journal_profile_for(profile_id=journal_profile_id, by=request.user)


@router.put(
    "/journal-profiles/{journal_profile_id}", response=schemas.JournalProfileOut, summary="Point at its columns"
)
def put_journal_profile(request: HttpRequest, journal_profile_id: UUID, body: schemas.JournalProfileChange) -> Any:
    """Say what stands in each column, and how days and amounts are written."""
    return change_journal_profile(profile_id=journal_profile_id, **body.dict(), by=request.user, at=now())


@router.delete("/journal-profiles/{journal_profile_id}", response={204: None}, summary="Remove an import file to fill")
def delete_journal_profile(request: HttpRequest, journal_profile_id: UUID) -> Any:
    """Forget its columns. What was exported stays."""
    remove_journal_profile(profile_id=journal_profile_id, by=request.user, at=now())
    return Status(204, None)
