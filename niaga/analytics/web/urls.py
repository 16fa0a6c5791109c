from django.urls import path

from niaga.analytics.web.home import home

app_name = "analytics"
urlpatterns = [path("", home, name="home")]
