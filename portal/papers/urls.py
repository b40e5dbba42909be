"""The addresses of papers; adding one is an address of its subject."""

from django.urls import path

from portal.papers import views
from portal.papers.packs import views as packs

app_name = "papers"
urlpatterns = [
    path("stukken/<uuid:pk>/", views.detail, name="paper"),
    path("stukken/<uuid:pk>/stand.json", views.status, name="status"),
    path("stukken/<uuid:pk>/<uuid:version>/bestand/", views.file, name="file"),
    path("stukken/<uuid:pk>/nieuwe-versie/", views.add_version, name="add_version"),
    path("stukken/<uuid:pk>/weghalen/", views.withdraw, name="withdraw"),
    path("bundels/<uuid:pk>/", packs.detail, name="pack"),
    path("bundels/<uuid:pk>/stand.json", packs.status, name="pack_status"),
    path("bundels/<uuid:pk>/bundel.pdf", packs.file, name="pack_pdf"),
]
