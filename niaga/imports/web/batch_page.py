from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.core.queries.worker import worker_is_alive
from niaga.imports.errors import BuiltUpon
from niaga.imports.models import ImportBatch
from niaga.imports.queries.batches import batch_for, error_file_of, preview_of
from niaga.imports.queries.running import is_cut_off
from niaga.imports.rules.flow import FLOW, BatchStatus
from niaga.imports.rules.kinds import KINDS, UPDATABLE, guess_mapping
from niaga.imports.services.choose_columns import needed_columns
from niaga.imports.services.queue_import import queue_import
from niaga.imports.services.undo_import import undo_import
from niaga.imports.web.upload import kinds_for
from niaga.imports.web.words import STATUSES, shown_changes, shown_counts, shown_doubles
from niaga.imports.wording import COLUMN_NAMES, KIND_NAMES, failure_text
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui.documents import Action, Consequence
from niaga.ui.formatting import number

RESULTS = {
    "customers": "/customers", "products": "/products", "prices": "/price-lists", "stock": "/stock",
    "sales": "/history", "branches": "/settings/branches", "tax_serials": "/tax-invoices",
}  # fmt: skip


@login_required
def show_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One import: its columns, how far it is, what came of it, and what can be done now."""
    batch = batch_for(batch_id=batch_id, by=request.user)
    return render(request, "imports/batch.html", _context(request, batch))


def _context(
    request: HttpRequest, batch: ImportBatch, error: str = "", against: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    status = BatchStatus(batch.status)
    running = status in (BatchStatus.QUEUED, BatchStatus.RUNNING)
    access = access_of(request.user)
    can = FLOW.allowed(batch.status) if access.allows("import", "create", batch.company_id) else frozenset()
    kind = str(KIND_NAMES.get(batch.kind, batch.kind))
    estimate = int(batch.options.get("estimate") or 0)
    share = min(95, round(100 * batch.progress / estimate)) if estimate else 0
    undo = None
    if status == BatchStatus.DONE and access.allows("import", "undo", batch.company_id):
        undo = Action(
            _("Undo the import"), url=reverse("imports:undo", args=[batch.pk]), icon="undo-2", kind="bad",
            confirm=Consequence(
                _("Take this import back?"), _consequence(batch), button=_("Undo the import"), danger=True
            ),
        )  # fmt: skip
    show_mapping = status == BatchStatus.MAPPING or request.GET.get("columns") == "1" or bool(error and not against)
    update = bool(batch.options.get("update"))
    preview = preview_of(batch) if "queue" in can and show_mapping else None
    needed = needed_columns(KINDS[batch.kind], update=update and batch.kind in UPDATABLE)
    missing = preview and [one.label for one in preview.columns if one.column.name in needed and not one.heading]
    return {
        "batch": batch,
        "title": batch.file_name,
        "kind": kind,
        "kinds": [(name, KIND_NAMES[name]) for name in kinds_for(request.user)],
        "status": STATUSES[status],
        "running": running,
        "share": share,
        "progress_text": _progress_text(batch, status),
        "by": user_names([batch.created_by]).get(batch.created_by, "") if batch.created_by else "Niaga",
        "failure": failure_text(batch.failure),
        "may_update": batch.kind in UPDATABLE,
        "update": update,
        "needed": needed,
        "changes": shown_changes(batch),
        "doubles": shown_doubles(batch),
        "doubles_in_all": batch.samples.get("doubles_in_all", 0),
        "against": against,
        "counts": shown_counts(batch.counts, access.current_company.currency),
        "preview": preview,
        "missing": missing,
        "can_queue": "queue" in can,
        "is_sound": status == BatchStatus.CHECKED,
        "undo": undo,
        "result_url": RESULTS.get(batch.kind, ""),
        "error": error,
        "more_findings": max(0, batch.errors - len({one["row"] for one in batch.findings})),
    }


def _progress_text(batch: ImportBatch, status: BatchStatus) -> str:
    if not worker_is_alive():
        return _("Nothing is at work now: the worker is not running. The import goes on as soon as it is back.")
    if status == BatchStatus.QUEUED:
        return _("Waiting for its turn.")
    if is_cut_off(batch):
        return _("It was interrupted, and is begun again by itself within two minutes. Nothing was written so far.")
    if not batch.progress:
        return _("Reading the file.")
    return ngettext("%(rows)s row so far", "%(rows)s rows so far", batch.progress) % {"rows": number(batch.progress)}


def _consequence(batch: ImportBatch) -> str:
    if batch.kind == "stock":
        return _("An adjustment takes the stock of %(rows)s rows out again. Receipts and moves stay on record.") % {
            "rows": number(batch.rows)
        }
    if batch.kind == "sales":
        return _("%(sales)s sales of the past go, and every figure without them. The file can be imported again.") % {
            "sales": number(int(batch.counts.get("sales", 0)))
        }
    if batch.kind == "tax_serials":
        return _("The invoices have the serial numbers again that they had before, or none.")
    if batch.kind == "prices":
        return _("New prices of this file go, changed ones are again what they were. Documents keep their prices.")
    if batch.counts.get("changed"):
        return _(
            "%(rows)s new rows are deleted, and %(changed)s changed ones are again what they were. It is refused when"
            " later documents name a new one, or somebody changed one since."
        ) % {"rows": number(int(batch.counts["created"])), "changed": number(int(batch.counts["changed"]))}
    return _("All %(rows)s rows of this import are deleted. It is refused when later documents name one of them.") % {
        "rows": number(int(batch.counts.get("created", 0)))
    }


@login_required
@require_POST
def run_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Check (`dry_run=1`) or import the file, with the columns as chosen, or with corrected rows."""
    batch = batch_for(batch_id=batch_id, by=request.user)
    here = reverse("imports:batch", args=[batch_id])
    kind = request.POST.get("kind", batch.kind)
    if kind in KINDS and kind != batch.kind:
        return _change_kind(request, batch, kind)
    sent = request.FILES.get("corrections")
    mapping = options = None
    if request.POST.get("has_mapping"):
        mapping = {column.name: request.POST.get(f"map-{column.name}", "") for column in KINDS[batch.kind].columns}
        options = {
            "decimal": request.POST.get("decimal", ""), "days": request.POST.get("days", ""),
            "update": request.POST.get("update") == "1",
        }  # fmt: skip
    try:
        queue_import(
            batch_id=batch_id, dry_run=request.POST.get("dry_run") == "1", by=request.user, at=clock.now(),
            language=get_language() or "id", mapping=mapping, options=options,
            corrections=sent.chunks() if sent else None, corrections_name=sent.name or "" if sent else "",
        )  # fmt: skip
    except Refusal as refusal:
        batch = batch_for(batch_id=batch_id, by=request.user)
        if mapping is not None:
            batch.mapping = {name: heading for name, heading in mapping.items() if heading}
            batch.options |= options or {}
        return render(request, "imports/batch.html", _context(request, batch, str(refusal.message)), status=422)
    return redirect(here)


def _change_kind(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """Show the columns of another kind, guessed afresh; nothing is kept before the file is checked."""
    headings = preview_of(batch).headings
    batch.kind = kind
    batch.mapping = guess_mapping(KINDS[kind], headings, {name: str(text) for name, text in COLUMN_NAMES.items()})
    batch.save(update_fields=["kind", "mapping"])
    return redirect(f"{reverse('imports:batch', args=[batch.pk])}?columns=1")


@login_required
@require_POST
def undo_batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take the import back, or say row by row what stands against it."""
    try:
        undo_import(batch_id=batch_id, by=request.user, at=clock.now())
    except BuiltUpon as refusal:
        batch = batch_for(batch_id=batch_id, by=request.user)
        context = _context(request, batch, str(refusal.message), refusal.lines or [{}])
        return render(request, "imports/batch.html", context, status=refusal.status)
    messages.success(request, _("The import is undone."))
    return redirect(reverse("imports:batch", args=[batch_id]))


@login_required
def errors(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """The faulty rows as an XLSX."""
    path = error_file_of(batch_id=batch_id, by=request.user)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"niaga-{_('errors')}-{str(batch_id)[-6:]}.xlsx")
