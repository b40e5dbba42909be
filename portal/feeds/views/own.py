"""One's own feeds: the list, making one, changing what it tells, revoking it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rows import visible_or_404
from portal.access.rules import signed_in
from portal.feeds import actions as act
from portal.feeds import forms, queries
from portal.feeds.history import last_change
from portal.feeds.models import Feed
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind
from portal.ui.press import Refused, Stale, press


def _list() -> str:
    return reverse("feeds:mine")


def _crumbs() -> list[tuple[str, str]]:
    return [(_list(), _("Mijn agenda"))]


def _the_feed(request: HttpRequest, pk: UUID) -> Feed:
    """The feed, if it is one of the person's own; 404 otherwise."""
    found: Feed = visible_or_404(Feed.objects.filter(person=me(request)), pk=pk)
    return found


def _ended(request: HttpRequest) -> HttpResponse:
    """What answers a press on a feed that was revoked: the list, on which it does not stand any more."""
    if request.method == "POST":
        messages.info(request, _("Deze agenda-link is al ingetrokken."))
    return HttpResponseRedirect(_list())


@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    feeds = queries.with_last_use(list(queries.open_feeds(me(request))))
    return render(request, "feeds/mine.html", {"feeds": feeds})


@signed_in
def make(request: HttpRequest) -> HttpResponse:
    """The answer to the post itself shows the address: it stands nowhere else and is never shown again."""
    person = me(request)
    form = bind(request, forms.MakeForm, initial={"contents": ["appointments"], "level": "busy"})
    words = {"title": _("Agenda-link maken"), "crumbs": _crumbs()}
    if request.method == "POST" and form.is_valid():
        try:
            feed, address = act.make(by=person, key=form.cleaned_data["key"], **form.facts())
        except act.TooMany:
            form.add_error(
                None,
                _("U hebt al %(most)s agenda-links. Trek er eerst een in die u niet meer gebruikt.")
                % {"most": act.MOST},
            )
        else:
            webcal = "webcal://" + address.partition("://")[2]
            shown = {"feed": feed, "address": address, "webcal": webcal}
            return render(request, "feeds/made.html", shown)
    return press(
        request,
        form,
        lambda _form: _list(),
        template=PRESS,
        back=_list(),
        text=_("Elk toestel krijgt een eigen link. Raakt u een toestel kwijt, dan trekt u alleen die in."),
        button=_("Maak de link"),
        **words,
    )


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, feed = me(request), _the_feed(request, pk)
    if feed.revoked_at is not None:
        return _ended(request)
    names = ("label", "level", "contents", "alarms", "version")
    form = bind(request, forms.FeedForm, initial={name: getattr(feed, name) for name in names})

    def run(form: forms.FeedForm) -> str:
        try:
            act.change(by=person, feed=feed, version=form.cleaned_data["version"], **form.facts())
        except act.ChangedMeanwhile as error:
            feed.refresh_from_db()
            if feed.revoked_at is not None:
                raise Refused(_("Deze agenda-link is intussen ingetrokken.")) from error
            raise Stale(feed.version, last_change(feed)) from error
        messages.success(request, _("Bewaard. Uw agenda toont het zodra zij de link weer ophaalt."))
        return _list()

    return press(
        request,
        form,
        run,
        template=PRESS,
        back=_list(),
        crumbs=_crumbs(),
        title=_("Agenda-link wijzigen"),
        text=_("Het adres blijft hetzelfde."),
        button=_("Bewaar"),
    )


@signed_in
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    person, feed = me(request), _the_feed(request, pk)
    if feed.revoked_at is not None:
        return _ended(request)

    def run(_form: PlainPost) -> str:
        act.revoke(by=person, feed=feed)
        messages.success(request, _("De link ‘%(label)s’ werkt niet meer.") % {"label": feed.label})
        return _list()

    return press(
        request,
        bind(request, PlainPost),
        run,
        template=PRESS,
        back=_list(),
        crumbs=_crumbs(),
        title=_("Link ‘%(label)s’ intrekken") % {"label": feed.label},
        text=_(
            "Het adres geeft meteen niets meer. Wat de agenda al ophaalde, kan er nog staan:"
            " verwijder het abonnement ook daar."
        ),
        button=_("Trek de link in"),
        danger=True,
    )
