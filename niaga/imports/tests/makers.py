"""Test data for imports: a company ready to sell, and files of every kind of trouble."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from niaga.imports.models import ImportBatch
from niaga.imports.services.found_company import found_company
from niaga.imports.services.import_file import import_file
from niaga.organization.access import SYSTEM
from niaga.organization.models import Company

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def make_company(**fields: Any) -> Company:
    wanted = {"code": "UJI", "name": "PT Uji Coba", "city": "Surabaya", "by": SYSTEM, "at": AT, **fields}
    return Company.objects.get(pk=found_company(**wanted))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def run(company: Company, path: Path, kind: str | None = None, *, dry_run: bool = False, **more: Any) -> ImportBatch:
    return import_file(path=path, kind=kind, company_id=company.pk, dry_run=dry_run, at=AT, **more)


def faults(batch: ImportBatch) -> list[tuple[int, str]]:
    """Row and column of every finding."""
    return [(finding["row"], finding["column"]) for finding in batch.findings]
