"""The address of search."""

from django.urls import path

from portal.search import views

app_name = "search"
urlpatterns = [path("zoeken/", views.search, name="search")]
