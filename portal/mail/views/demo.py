"""The pages of the Demo-postvak; they exist in the demonstration only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.rules import signed_in
from portal.mail import mailbox


def exists() -> bool:
    """Whether there is a Demo-postvak here: in the demonstration, when the sink takes the mail."""
    return bool(settings.DEMO and settings.MAIL_GOES_TO_SINK)


@signed_in
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    if not exists():
        raise Http404
    return render(request, "mail/demo/mailbox.html", {"mails": mailbox.newest()})


@signed_in
def demo_mail(request: HttpRequest, name: str) -> HttpResponse:
    found = mailbox.one(name) if exists() else None
    if found is None:
        raise Http404
    return render(request, "mail/demo/mail.html", {"mail": found})
