"""The company, its places and its people at /api/v1."""

from ninja import Router

from niaga.organization.api import company, currencies, incoming, people, places

router = Router()
for _room in (company, currencies, places, people, incoming):
    router.add_router("", _room.router)
