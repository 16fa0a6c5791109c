"""Who works in a company now, with what they may decide: for verbs that ask people, in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from niaga.organization.models import Channel, Grant, Membership, Team, Territory


@dataclass(frozen=True, slots=True)
class Place:
    """A role of a person, in a team or in none; `decides` when the role may approve."""

    role: str
    team_id: UUID | None
    decides: bool


@dataclass(frozen=True, slots=True)
class WorkingPerson:
    id: UUID
    name: str
    email: str
    language: str
    places: tuple[Place, ...]

    @property
    def decides(self) -> bool:
        return any(place.decides for place in self.places)


def working_people(company_id: UUID) -> dict[UUID, WorkingPerson]:
    """Active people with a role in the company, by id. One statement."""
    may = Grant.objects.filter(role_id=OuterRef("role_id"), kind="approval", action="decide")
    rows = (
        Membership.objects.filter(company_id=company_id, user__is_active=True)
        .annotate(decides=Exists(may))
        .order_by("user__name", "user_id", "id")
        .values_list(
            "user_id",
            "user__name",
            "user__username",
            "user__email",
            "user__language",
            "role__code",
            "team_id",
            "decides",
        )
    )
    found: dict[UUID, WorkingPerson] = {}
    for user_id, name, username, email, language, role, team_id, decides in rows:
        known = found.get(user_id)
        places = (*(known.places if known else ()), Place(role, team_id, decides))
        found[user_id] = WorkingPerson(user_id, name or username, email, language, places)
    return found


def team_parents(company_id: UUID) -> dict[UUID, UUID | None]:
    """Each team of the company with the one above it. One statement."""
    return dict(Team.objects.filter(company_id=company_id).values_list("id", "parent_id"))


def named_places(company_id: UUID) -> dict[str, dict[str, str]]:
    """Names by id, as text, of what a company is made of: `team`, `territory`, `channel`; archived ones too."""
    models: Iterable[tuple[str, type[Team] | type[Territory] | type[Channel]]] = (
        ("team", Team), ("territory", Territory), ("channel", Channel)
    )  # fmt: skip
    return {
        key: {
            str(one): name
            for one, name in model.objects.filter(company_id=company_id).order_by("name").values_list("id", "name")
        }
        for key, model in models
    }
