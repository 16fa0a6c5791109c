from django.urls import path

from niaga.documents.web import files, look, paper, preview, public, template_defaults, templates, versions

app_name = "documents"
urlpatterns = [
    path("files/<uuid:attachment_id>", files.file, name="file"),
    path("files/<uuid:attachment_id>/thumbnail", files.thumbnail, name="thumbnail"),
    path("files/<uuid:attachment_id>/removal", files.removal, name="file_removal"),
    path("files/on/<slug:kind>/<uuid:subject_id>", files.panel, name="files"),
    path("paper/<slug:kind>/<uuid:subject_id>.pdf", paper.paper, name="paper"),
    path("settings/documents", look.look, name="look"),
    path("settings/documents/<slug:kind>.pdf", look.sample, name="sample"),
    path("settings/documents/templates/new/<slug:kind>", templates.new_template, name="new_template"),
    path("settings/documents/templates/<uuid:paper_template_id>", templates.edit_template, name="template"),
    path("settings/documents/templates/<uuid:paper_template_id>/preview", preview.preview, name="template_preview"),
    path("settings/documents/templates/<uuid:paper_template_id>/versions", versions.versions, name="template_versions"),
    path(
        "settings/documents/templates/<uuid:paper_template_id>/versions/<int:version_number>/restoration",
        versions.restore,
        name="template_restoration",
    ),
    path("settings/documents/templates/<uuid:paper_template_id>/archive", templates.archive, name="template_archive"),
    path("settings/documents/templates/<uuid:paper_template_id>/return", templates.bring_back, name="template_return"),
    path("settings/documents/trial/<slug:kind>", preview.trial, name="template_trial"),
    path(
        "settings/documents/defaults/<slug:scope>/<uuid:scope_id>",
        template_defaults.edit_defaults,
        name="template_defaults",
    ),
    path("l/<str:token>", public.public_page, name="public"),
    path("l/<str:token>/<path:rest>", public.public_page, name="public_part"),
]
