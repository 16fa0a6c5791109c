"""The rules of a company, and the form of one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niaga.approvals.models import ApprovalRule
from niaga.approvals.queries.rules import all_names, flat, rule_for, rules_for
from niaga.approvals.rules.condition import FIELDS, Kind
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.approvals.web.rule_rows import (
    StepRow,
    TestRow,
    as_posted,
    condition_of,
    posted_steps,
    posted_tests,
    shown_steps,
    shown_tests,
    steps_of,
    whole_tests,
)
from niaga.approvals.wording import FIELD_WORDS, OP_WORDS, chain_words, condition_words, scope_words
from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.users import roles as roles_here
from niaga.organization.queries.working_people import working_people
from niaga.organization.web.pages import bound_or_fresh
from niaga.ui.forms import AmountField, DayField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in a sentence, with who decides; those that are switched off last."""
    access = access_of(request.user)
    access.require("approval", "manage")
    here = access.current_company
    names, people, roles = flat(all_names(here.id)), _people(here.id), _roles(request)
    rows: list[dict[str, Any]] = [
        {
            "row": rule, "words": condition_words(rule.condition, here.currency, names),
            "chain": chain_words(rule.steps, people, roles),
            "scope": scope_words(
                team=rule.team.name if rule.team else "", territory=rule.territory.name if rule.territory else "",
                least=rule.least, most=rule.most, currency=here.currency,
            ),
        }
        for rule in rules_for(by=request.user, archived=True)
    ]  # fmt: skip
    rows.sort(key=lambda one: one["row"].archived_at is not None)
    return render(request, "approvals/rules.html", {"rows": rows})


def _people(company_id: UUID) -> dict[str, str]:
    return {str(key): one.name for key, one in working_people(company_id).items()}


def _roles(request: HttpRequest) -> dict[str, str]:
    return {role.code: _(role.name) for role in roles_here(by=request.user)}


class RuleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    least = AmountField(label=gettext_lazy("From order value"), required=False)
    most = AmountField(label=gettext_lazy("Below order value"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Only the team"), required=False)
    territory = forms.ChoiceField(label=gettext_lazy("Only the territory"), required=False)
    first_day = DayField(label=gettext_lazy("From day"), required=False)
    last_day = DayField(label=gettext_lazy("Through day"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Turn"), min_value=1, max_value=9999,
        help_text=gettext_lazy("When several rules hold, their steps follow one another in this order."),
    )  # fmt: skip
    off = forms.BooleanField(
        label=gettext_lazy("Switched off"), required=False, help_text=gettext_lazy("Nobody is asked by this rule.")
    )

    def __init__(self, data: Any, *, names: dict[str, dict[str, str]], currency: str, initial: Any) -> None:
        super().__init__(data, initial=initial)
        for name in ("team", "territory"):
            self.fields[name].choices = [("", _("all")), *names[name].items()]  # type: ignore[attr-defined]
        for name in ("least", "most"):
            self.fields[name].currency = currency  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_rule(request: HttpRequest, approval_rule_id: UUID | None = None) -> HttpResponse:
    """When an approval is needed, and who gives it."""
    access = access_of(request.user)
    access.require("approval", "manage")
    here = access.current_company
    rule = rule_for(rule_id=approval_rule_id, by=request.user) if approval_rule_id else None
    names = all_names(here.id)
    shown = shown_tests(rule.condition if rule else None)
    tests, steps = shown or [], shown_steps(rule.steps if rule else None)
    held = as_posted(tests, steps) if rule else None
    form = bound_or_fresh(
        request,
        lambda data: RuleForm(data, names=names, currency=here.currency, initial=_initial(rule)),
        subject=approval_rule_id, more=held,
    )  # fmt: skip
    faults: list[str] = []
    status = 200
    if request.method == "POST":
        tests, steps = posted_tests(request.POST), posted_steps(request.POST)
        # What is as it was stays as it is stored, and asks nobody anew; so does what the form cannot show.
        as_it_was = shown is None or condition_of(tests) == condition_of(shown)
        kept = rule.condition if rule and as_it_was else None
        if not overtaken(form) and form.is_valid():
            try:
                answer = _save(request, form.cleaned_data, kept, tests, steps, here.id, approval_rule_id)
            except Refusal as refusal:
                # The rows are in another order than a condition that is kept: it is answered above them.
                _show(form, refusal, tests if kept is None else [], steps, faults)
            else:
                if answer is not None:
                    return answer
        status = 422
    facts = {
        "form": form, "rule": rule, "title": rule.name if rule else _("New rule"), "faults": faults,
        "told": _told(request, tests, steps) if rule or form.is_bound else "",
        "fixed": condition_words(rule.condition, here.currency, flat(names)) if rule and shown is None else "",
        "tests": tests or [TestRow()], "steps": steps or [StepRow()], "empty": TestRow(), "empty_step": StepRow(),
        "fields": _fields(), "ops": [(str(op), words) for op, words in OP_WORDS.items() if op != "is"],
        "choices": [(key, FIELD_WORDS[key], sorted(names.get(key, {}).items(), key=lambda one: one[1]))
                    for key, field in FIELDS.items() if field.kind is Kind.CHOICE],
        "approvers": _approvers(request, here.id), "people": _deciders(here.id),
    }  # fmt: skip
    return render(request, "approvals/rule_form.html", facts, status=status)


@login_required
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """The sentence of what is typed so far."""
    access_of(request.user).require("approval", "manage")
    told = _told(request, posted_tests(request.POST), posted_steps(request.POST))
    return render(request, "approvals/rule_told.html", {"told": told})


def _told(request: HttpRequest, tests: list[TestRow], steps: list[StepRow]) -> str:
    """When a yes is needed and who gives it; what is not complete yet is left out."""
    here = access_of(request.user).current_company
    whole = whole_tests(tests)
    if not whole:
        return ""
    when = condition_words(condition_of(whole)[0], here.currency, flat(all_names(here.id)))
    chain = chain_words(steps_of([row for row in steps if row.approvers])[0], _people(here.id), _roles(request))
    return _("%(when)s: decided by %(chain)s.") % {"when": when, "chain": chain} if chain else f"{when}."


def _initial(rule: ApprovalRule | None) -> dict[str, Any]:
    if rule is None:
        return {"position": 1}
    return {
        "name": rule.name, "least": rule.least, "most": rule.most, "team": str(rule.team_id or ""),
        "territory": str(rule.territory_id or ""), "first_day": rule.first_day, "last_day": rule.last_day,
        "position": rule.position, "off": rule.archived_at is not None,
    }  # fmt: skip


def _save(
    request: HttpRequest, data: dict[str, Any], kept: dict[str, Any] | None, tests: list[TestRow],
    steps: list[StepRow], company_id: UUID, rule_id: UUID | None,
) -> HttpResponse | None:  # fmt: skip
    """Nothing is saved, and None answered, while a row cannot be read; the rows say why. `kept` is the condition that
    stays as it is."""
    condition, figures = (kept, True) if kept is not None else condition_of(tests)
    chain, hours = steps_of(steps)
    if not figures or not hours:
        return None
    details = RuleDetails(
        name=data["name"], condition=condition, steps=chain, position=data["position"],
        team_id=UUID(data["team"]) if data["team"] else None,
        territory_id=UUID(data["territory"]) if data["territory"] else None, least=data["least"], most=data["most"],
        first_day=data["first_day"], last_day=data["last_day"], active=not data["off"],
    )  # fmt: skip

    def deed() -> str:
        save_rule(company_id=company_id, rule_id=rule_id, details=details, by=request.user, at=now())
        messages.success(request, _("Saved."))
        return reverse("approvals:rules")

    return once(request, deed)


def _show(form: forms.Form, refusal: Refusal, tests: list[TestRow], steps: list[StepRow], faults: list[str]) -> None:
    """A refusal beside the row it names, else beside its field, else above the form."""
    part, _dash, rest = (refusal.field or "").partition("-")
    rows: Any = {"condition": tests, "steps": steps}.get(part)
    place, _dash, cell = rest.partition("-")
    if rows is not None and place.isdigit() and 1 <= int(place) <= len(rows):
        rows[int(place) - 1].errors[cell] = str(refusal.message)
    elif rows is not None:
        faults.append(str(refusal.message))
    else:
        refuse(form, refusal)


def _fields() -> list[tuple[str, Any, str]]:
    """Key, words, and which inputs it needs."""
    return [
        (key, FIELD_WORDS[key], "figure" if field.kind in ("percent", "amount", "days") else
         "flag" if field.kind is Kind.FLAG else key)
        for key, field in FIELDS.items()
    ]  # fmt: skip


def _approvers(request: HttpRequest, company_id: UUID) -> list[tuple[str, str]]:
    """Whom a step can name: the manager, the roles that may approve, and their people."""
    people = working_people(company_id)
    deciding = {place.role for one in people.values() for place in one.places if place.decides}
    roles = [(f"role:{code}", name) for code, name in _roles(request).items() if code in deciding]
    named = [(f"user:{key}", one.name) for key, one in people.items() if one.decides]
    return [("manager:", _("the seller's manager")), *roles, *named]


def _deciders(company_id: UUID) -> list[tuple[str, str]]:
    return [(str(key), one.name) for key, one in working_people(company_id).items() if one.decides]
