"""How the company's documents look: its logo, and samples to see before the first real one."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niaga.core.clock import now, today
from niaga.core.errors import Refusal
from niaga.documents.queries.company_print import company_print
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.sample_document import sample_document
from niaga.documents.services.render_pdf import render_pdf
from niaga.documents.services.set_logo import set_logo
from niaga.documents.web.serving import serve_pdf
from niaga.organization.access import access_of
from niaga.organization.queries.companies import company_profile
from niaga.ui.forms import refuse

SAMPLES = (
    (PrintKind.QUOTATION, _("Quotation")),
    (PrintKind.INVOICE, _("Invoice")),
    (PrintKind.DELIVERY_NOTE, _("Delivery note")),
    (PrintKind.RECEIPT, _("Receipt")),
    (PrintKind.STATEMENT, _("Statement of account")),
)


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP. A picture with a transparent or white ground looks best; it is printed 15 mm high."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


@require_http_methods(["GET", "POST"])
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """`POST` takes a new logo, or with `remove` takes it away."""
    access = access_of(request.user)
    access.require("setting", "manage")
    company_id = access.current_company.id
    form = LogoForm()
    status = 200
    if request.method == "POST":
        form = LogoForm(request.POST, request.FILES)
        sent = request.FILES.get("logo")
        picture = sent if isinstance(sent, UploadedFile) else None
        if "remove" in request.POST or picture is not None:
            try:
                set_logo(
                    company_id=company_id,
                    name=(picture.name or "logo") if picture else "",
                    content=None if "remove" in request.POST else picture,
                    by=request.user,
                    at=now(),
                )
            except Refusal as refusal:
                refuse(form, refusal)
                status = 422
            else:
                messages.success(request, gettext("Saved. New documents look like this."))
                return redirect("documents:look")
    context = {"form": form, "company": company_profile(company_id), "samples": SAMPLES}
    return render(request, "documents/look.html", context, status=status)


@require_GET
@login_required
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A sample in the language of the page."""
    access = access_of(request.user)
    access.require("setting", "view")
    if kind not in {each for each, _label in SAMPLES}:
        raise Http404
    company = access.current_company
    sender = company_print(company_id=company.id, currency=company.currency)
    language = get_language() or company.language
    data = sample_document(
        PrintKind(kind), company=sender.company, logo=sender.logo, banks=sender.banks, foot=sender.foot,
        currency=company.currency, day=today(at=now(), zone=company.zone), language=language,
    )  # fmt: skip
    return serve_pdf(render_pdf(kind=kind, data=data, language=language), name=f"{kind}.pdf")
