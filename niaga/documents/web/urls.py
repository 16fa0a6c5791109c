from django.urls import path

from niaga.documents.web import files, look, paper, public

app_name = "documents"
urlpatterns = [
    path("files/<uuid:attachment_id>", files.file, name="file"),
    path("files/<uuid:attachment_id>/thumbnail", files.thumbnail, name="thumbnail"),
    path("files/<uuid:attachment_id>/removal", files.removal, name="file_removal"),
    path("files/on/<slug:kind>/<uuid:subject_id>", files.panel, name="files"),
    path("paper/<slug:kind>/<uuid:subject_id>.pdf", paper.paper, name="paper"),
    path("settings/documents", look.look, name="look"),
    path("settings/documents/<slug:kind>.pdf", look.sample, name="sample"),
    path("l/<str:token>", public.public_page, name="public"),
    path("l/<str:token>/<path:rest>", public.public_page, name="public_part"),
]
