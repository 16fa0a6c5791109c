from django.urls import path

from niaga.pricing.web import price_list_form, price_list_page, price_lists, prices_form, rule_form

app_name = "pricing"
urlpatterns = [
    path("price-lists", price_lists.PriceLists.as_view(), name="price_lists"),
    path("price-lists/new", price_list_form.new_price_list, name="new"),
    path("price-lists/<uuid:price_list_id>", price_list_page.PriceListPage.as_view(), name="price_list"),
    path("price-lists/<uuid:price_list_id>/edit", price_list_form.edit_price_list, name="edit"),
    path("price-lists/<uuid:price_list_id>/archive", price_list_form.archive, name="archive"),
    path("price-lists/<uuid:price_list_id>/restore", price_list_form.restore, name="restore"),
    path("price-lists/<uuid:price_list_id>/formulas/new", rule_form.new_rule, name="new_rule"),
    path("price-lists/<uuid:price_list_id>/formulas/<int:position>", rule_form.edit_rule, name="rule"),
    path("price-lists/<uuid:price_list_id>/formulas/<int:position>/remove", rule_form.remove_rule, name="remove_rule"),
    path("price-lists/<uuid:price_list_id>/prices", prices_form.write_prices, name="prices"),
]
