"""The addresses of closed days and recess."""

from django.urls import path

from portal.planning import views

app_name = "planning"
urlpatterns = [
    path("gesloten-dagen/", views.calendar, name="calendar"),
    path("gesloten-dagen/toevoegen/", views.add_day, name="add_day"),
    path("gesloten-dagen/<uuid:pk>/weghalen/", views.remove_day, name="remove_day"),
    path("gesloten-dagen/nagekeken/<uuid:pk>/", views.confirm, name="confirm"),
    path("reces/toevoegen/", views.add_recess, name="add_recess"),
    path("reces/<uuid:pk>/weghalen/", views.remove_recess, name="remove_recess"),
]
