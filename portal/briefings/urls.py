"""The addresses of briefings."""

from django.urls import path

from portal.briefings import views

app_name = "briefings"
urlpatterns = [
    path("briefings/<uuid:pk>/", views.detail, name="briefing"),
    path("briefings/<uuid:pk>/stand.json", views.status, name="status"),
    path("briefings/<uuid:pk>/briefing.pdf", views.pdf, name="pdf"),
]
