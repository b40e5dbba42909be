"""The page that searches."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from portal.access.rules import only
from portal.search import queries
from portal.search.forms import SearchForm
from portal.search.registry import may_search
from portal.search.sealing import opened, sealed


@only(may_search)
def search(request: HttpRequest) -> HttpResponse:
    """A post seals the question into an address; that address shows the answers, also after going back."""
    person: Any = request.user
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            asked = urlencode({"vraag": sealed(person.pk, form.cleaned_data["q"])})
            return HttpResponseRedirect(f"{reverse('search:search')}?{asked}")
        return render(request, "search/search.html", {"form": form}, status=422)
    token = request.GET.get("vraag", "")
    text = opened(person.pk, token) if token else ""
    context: dict[str, Any] = {
        "form": SearchForm(initial={"q": text}),
        "asked": text,
        "is_stale": bool(token and not text),
    }
    if text:
        most = queries.MOST_SHOWN if "meer" in request.GET else queries.FIRST_SHOWN
        context |= {"results": queries.search(person, text, most), "most": most}
        if most < queries.MOST_SHOWN:
            context["more_url"] = f"{request.path}?{urlencode({'vraag': token, 'meer': '1'})}"
    return render(request, "search/search.html", context)
