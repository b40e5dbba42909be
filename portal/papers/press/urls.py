"""The addresses of texts for the press."""

from django.urls import path

from portal.papers.press import views

app_name = "press"
urlpatterns = [
    path("persteksten/<uuid:pk>/", views.detail, name="text"),
    path("persteksten/<uuid:pk>/schrijven/", views.edit, name="edit"),
    path("persteksten/<uuid:pk>/akkoord-vragen/", views.ask, name="ask"),
    path("persteksten/akkoord/<uuid:pk>/", views.decide, name="decide"),
    path("persteksten/<uuid:pk>/terugnemen/", views.take_back, name="take_back"),
    path("persteksten/<uuid:pk>/vrijgeven/", views.release, name="release"),
    path("persteksten/<uuid:pk>/geplaatst/", views.place, name="place"),
    path("persteksten/<uuid:pk>/intrekken/", views.withdraw, name="withdraw"),
]
