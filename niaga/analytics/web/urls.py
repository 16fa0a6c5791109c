from django.urls import path

from niaga.analytics.web.home import home
from niaga.analytics.web.margins import MarginList

app_name = "analytics"
urlpatterns = [path("", home, name="home"), path("margins", MarginList.as_view(), name="margins")]
