from django.urls import path

from niaga.imports.web import batch_list, batch_page, upload

app_name = "imports"
urlpatterns = [
    path("imports", batch_list.BatchList.as_view(), name="imports"),
    path("imports/new", upload.new_import, name="new"),
    path("imports/templates/<slug:kind>.xlsx", upload.template, name="template"),
    path("imports/<uuid:batch_id>", batch_page.show_batch, name="batch"),
    path("imports/<uuid:batch_id>/runs", batch_page.run_batch, name="run"),
    path("imports/<uuid:batch_id>/undo", batch_page.undo_batch, name="undo"),
    path("imports/<uuid:batch_id>/errors", batch_page.errors, name="errors"),
]
