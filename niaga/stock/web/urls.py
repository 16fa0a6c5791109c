from django.urls import path

from niaga.stock.web import counts, delivery_list, delivery_page, expected, grid, paper_lists, papers, stock_list
from niaga.stock.web import warehouses as places

app_name = "stock"
urlpatterns = [
    path("deliveries", delivery_list.DeliveryList.as_view(), name="deliveries"),
    path("deliveries/<uuid:delivery_id>", delivery_page.show_delivery, name="delivery"),
    path("deliveries/<uuid:delivery_id>/picking", delivery_page.picking, name="picking"),
    path("deliveries/<uuid:delivery_id>/carrier", delivery_page.carrier, name="carrier"),
    path("deliveries/<uuid:delivery_id>/arrival", delivery_page.arrival, name="arrival"),
    path("stock", stock_list.StockList.as_view(), name="levels"),
    path("stock/moves", stock_list.MoveList.as_view(), name="moves"),
    path("stock/products/<uuid:product_id>", stock_list.show_product, name="product"),
    path("stock/grid/products", grid.grid_products, name="grid_products"),
    path("stock/grid/preview", grid.grid_preview, name="grid_preview"),
    path("stock/receipts", paper_lists.ReceiptList.as_view(), name="receipts"),
    path("stock/receipts/new", papers.new_receipt, name="new_receipt"),
    path("stock/receipts/<uuid:receipt_id>", papers.show_receipt, name="receipt"),
    path("stock/expected", paper_lists.ExpectedList.as_view(), name="expected"),
    path("stock/expected/new", papers.new_expected, name="new_expected"),
    path("stock/expected/<uuid:expected_id>", expected.show_expected, name="one_expected"),
    path("stock/expected/<uuid:expected_id>/receipt", expected.receive, name="receive_expected"),
    path("stock/expected/<uuid:expected_id>/cancellation", expected.cancel, name="cancel_expected"),
    path("stock/expected/<uuid:expected_id>/date", expected.postpone, name="postpone_expected"),
    path("stock/adjustments", paper_lists.AdjustmentList.as_view(), name="adjustments"),
    path("stock/adjustments/new", papers.new_adjustment, name="new_adjustment"),
    path("stock/adjustments/<uuid:adjustment_id>", papers.show_adjustment, name="adjustment"),
    path("stock/counts/new", counts.new_count, name="new_count"),
    path("stock/counts/<uuid:count_id>", counts.show_count, name="count"),
    path("stock/counts/<uuid:count_id>/posting", counts.post, name="count_posting"),
    path("stock/counts/<uuid:count_id>/cancellation", counts.cancel, name="count_cancellation"),
    path("stock/transfers", paper_lists.TransferList.as_view(), name="transfers"),
    path("stock/transfers/new", papers.new_transfer, name="new_transfer"),
    path("stock/transfers/<uuid:transfer_id>", papers.show_transfer, name="transfer"),
    path("settings/warehouses", places.warehouses, name="warehouses"),
    path("settings/warehouses/new", places.edit_warehouse, name="new_warehouse"),
    path("settings/warehouses/<uuid:warehouse_id>", places.edit_warehouse, name="warehouse"),
    path("settings/warehouses/<uuid:warehouse_id>/archive", places.archive, name="archive_warehouse"),
]
