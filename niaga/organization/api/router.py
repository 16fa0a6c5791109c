"""The company, its places and its people at /api/v1."""

from ninja import Router

from niaga.organization.api import company, currencies, incoming, jobs, people, places

router = Router()
for _room in (company, currencies, places, people, incoming, jobs):
    router.add_router("", _room.router)
