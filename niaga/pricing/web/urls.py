from django.urls import path

from niaga.pricing.web import (
    price_change_forms,
    price_change_list,
    price_change_page,
    price_change_rules,
    price_list_form,
    price_list_page,
    price_lists,
    prices_form,
    publications,
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
    path("price-lists/<uuid:price_list_id>/changes/new", price_change_forms.new_change, name="new_change"),
    path("price-lists/<uuid:price_list_id>/history", publications.Publications.as_view(), name="history"),
    path("price-changes", price_change_list.PriceChanges.as_view(), name="price_changes"),
    path("price-changes/<uuid:change_id>", price_change_page.show_change, name="price_change"),
    path("price-changes/<uuid:change_id>/prices", price_change_forms.write_prices, name="change_prices"),
    path("price-changes/<uuid:change_id>/settings", price_change_forms.write_heads, name="change_heads"),
    path("price-changes/<uuid:change_id>/formulas/new", price_change_rules.new_rule, name="new_change_rule"),
    path("price-changes/<uuid:change_id>/formulas/<int:position>", price_change_rules.edit_rule, name="change_rule"),
    path(
        "price-changes/<uuid:change_id>/formulas/<int:position>/remove",
        price_change_rules.remove_rule,
        name="remove_change_rule",
    ),
    path("price-changes/<uuid:change_id>/moment", price_change_forms.schedule, name="schedule_change"),
    path("price-changes/<uuid:change_id>/publication", price_change_page.publish, name="publish_change"),
    path("price-changes/<uuid:change_id>/no-moment", price_change_page.unschedule, name="unschedule_change"),
    path("price-changes/<uuid:change_id>/review", price_change_page.review, name="review_change"),
    path("price-changes/<uuid:change_id>/counting", price_change_page.count, name="count_change"),
    path("price-changes/<uuid:change_id>/discarding", price_change_page.discard, name="discard_change"),
    path("publications/<uuid:publication_id>", publications.show_publication, name="publication"),
    path("publications/<uuid:publication_id>/rollback", publications.take_back, name="roll_back"),
]
