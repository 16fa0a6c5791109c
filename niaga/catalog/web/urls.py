from django.urls import path

from niaga.catalog.web import product_form, product_list, product_page, settings, substitutes

app_name = "catalog"
urlpatterns = [
    path("products", product_list.ProductList.as_view(), name="products"),
    path("products/lookup", product_list.lookup, name="lookup"),
    path("products/new", product_form.new_product, name="new"),
    path("products/categories", settings.categories, name="categories"),
    path("products/categories/new", settings.edit_category, name="new_category"),
    path("products/categories/<uuid:category_id>", settings.edit_category, name="category"),
    path("products/<uuid:product_id>", product_page.show_product, name="product"),
    path("products/<uuid:product_id>/edit", product_form.change_product, name="change"),
    path("products/<uuid:product_id>/variants", product_form.variants, name="variants"),
    path("products/<uuid:product_id>/archive", product_page.archive, name="archive"),
    path("products/<uuid:product_id>/picture", product_page.choose_picture, name="picture"),
    path("products/<uuid:product_id>/substitutes", substitutes.substitutes, name="substitutes"),
    path("settings/units", settings.units, name="units"),
    path("settings/units/new", settings.edit_unit, name="new_unit"),
    path("settings/units/<uuid:unit_id>", settings.edit_unit, name="unit"),
    path("settings/tax-categories", settings.tax_categories, name="taxes"),
    path("settings/tax-categories/new", settings.edit_tax, name="new_tax"),
    path("settings/tax-categories/<uuid:category_id>", settings.edit_tax, name="tax"),
]
