from django.urls import path

from niaga.pricing.web import price_list_form, price_list_page, price_lists, prices_form

app_name = "pricing"
urlpatterns = [
    path("price-lists", price_lists.PriceLists.as_view(), name="price_lists"),
    path("price-lists/new", price_list_form.new_price_list, name="new"),
    path("price-lists/<uuid:price_list_id>", price_list_page.PriceListPage.as_view(), name="price_list"),
    path("price-lists/<uuid:price_list_id>/edit", price_list_form.edit_price_list, name="edit"),
    path("price-lists/<uuid:price_list_id>/archive", price_list_form.archive, name="archive"),
    path("price-lists/<uuid:price_list_id>/restore", price_list_form.restore, name="restore"),
    path("price-lists/<uuid:price_list_id>/prices", prices_form.write_prices, name="prices"),
]
