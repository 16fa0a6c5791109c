from django.urls import path

from niaga.sales.web.historical_list import HistoricalSaleList
from niaga.sales.web.historical_page import show_historical_sale

urlpatterns = [
    path("history", HistoricalSaleList.as_view(), name="historical_sales"),
    path("history/<uuid:sale_id>", show_historical_sale, name="historical_sale"),
]
