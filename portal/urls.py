"""Every address of the portal."""

from allauth.account import views as account
from django.urls import include, path, re_path

from portal import health
from portal.ui import errors, start

urlpatterns = [
    path("", start.today, name="today"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("aanmelden/", account.login, name="account_login"),
    path("afmelden/", account.logout, name="account_logout"),
    path("geblokkeerd/", account.account_inactive, name="account_inactive"),
    path("account-aanvragen/", account.signup, name="account_signup"),
    path("wachtwoord/wijzigen/", account.password_change, name="account_change_password"),
    path("wachtwoord/vergeten/", account.password_reset, name="account_reset_password"),
    path("wachtwoord/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "wachtwoord/gewijzigd/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("bevestigen/", account.reauthenticate, name="account_reauthenticate"),
    path("beveiliging/", include("allauth.mfa.urls")),
    path("", include("portal.people.urls")),
    path("", include("portal.planning.urls")),
    path("", include("portal.municipalities.urls")),
    path("", include("portal.mail.urls")),
    path("", include("portal.deadlines.urls")),
    path("", include("portal.briefings.urls")),
    path("", include("portal.papers.urls")),
    path("", include("portal.papers.press.urls")),
    path("", include("portal.feeds.urls")),
    path("", include("portal.search.urls")),
    path("", include("measures.tracking.urls")),
    path("werkbezoeken/", include("visits.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
