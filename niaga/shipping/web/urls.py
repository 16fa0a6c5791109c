from django.urls import path

from niaga.shipping.web import carriers, doors, driving, hooks, shipments

app_name = "shipping"
urlpatterns = [
    path("shipments", shipments.ShipmentList.as_view(), name="shipments"),
    path("shipments/new", shipments.new, name="new"),
    path("shipments/<uuid:shipment_id>", shipments.show, name="shipment"),
    path("shipments/<uuid:shipment_id>/label", shipments.label, name="label"),
    path("shipments/<uuid:shipment_id>/service", shipments.choose, name="choose"),
    path("shipments/<uuid:shipment_id>/retry", shipments.retry, name="retry"),
    path("shipments/<uuid:shipment_id>/cancellation", shipments.cancel, name="cancel"),
    path("shipments/<uuid:shipment_id>/events", shipments.happened, name="happened"),
    path("deliveries/<uuid:delivery_id>/tracking", shipments.tracking, name="tracking"),
    path("visits/<uuid:visit_id>/cash", shipments.take_in, name="take_in"),
    path("doors", doors.DoorList.as_view(), name="doors"),
    path("doors/deliveries/<uuid:delivery_id>/next-try", doors.again, name="next_try"),
    path("doors/reports/<uuid:report_id>/end", doors.end, name="end_report"),
    path("driving", driving.show, name="driving"),
    path("driving/day", driving.day, name="driving_day"),
    path("driving/worker.js", driving.worker, name="driving_worker"),
    path("driving/consent", driving.consent, name="position_consent"),
    path("driving/stops/<uuid:delivery_id>/visits", driving.visit, name="driven_visit"),
    path("driving/stops/<uuid:delivery_id>/reports", driving.report, name="driven_report"),
    path("hooks/carriers/<str:path>", hooks.hook, name="hook"),
    path("settings/carriers", carriers.carriers, name="carriers"),
    path("settings/carriers/new", carriers.carrier, name="new_carrier"),
    path("settings/carriers/<uuid:carrier_id>", carriers.carrier, name="carrier"),
    path("settings/carriers/<uuid:carrier_id>/archive", carriers.archive, name="archive_carrier"),
]
