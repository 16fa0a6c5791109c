from django.urls import path

from niaga.pricing.web import (
    coupons,
    discount_form,
    price_list_form,
    price_list_page,
    price_lists,
    prices_form,
    promotion_edit,
    promotion_page,
    promotions,
    rule_form,
)

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
    path("promotions", promotions.Promotions.as_view(), name="promotions"),
    path("promotions/new", promotion_edit.new_promotion, name="new_promotion"),
    path("promotions/parts", promotion_edit.parts, name="parts"),
    path("promotions/telling", promotion_edit.tell, name="tell"),
    path("promotions/<uuid:promotion_id>", promotion_page.show_promotion, name="promotion"),
    path("promotions/<uuid:promotion_id>/edit", promotion_edit.edit_promotion, name="edit_promotion"),
    path("promotions/<uuid:promotion_id>/archive", promotion_page.archive, name="archive_promotion"),
    path("promotions/<uuid:promotion_id>/restore", promotion_page.restore, name="restore_promotion"),
    path("promotions/<uuid:promotion_id>/coupons", coupons.Coupons.as_view(), name="coupons"),
    path("promotions/<uuid:promotion_id>/coupons/new", coupons.new_coupons, name="new_coupons"),
    path(
        "promotions/<uuid:promotion_id>/coupons/<uuid:coupon_id>/withdrawal", coupons.withdraw, name="withdraw_coupon"
    ),
    path("promotions/<uuid:promotion_id>/coupons/<uuid:coupon_id>/return", coupons.take_back, name="restore_coupon"),
    path("customers/<uuid:customer_id>/discounts/new", discount_form.agree, name="agree_discount"),
]
