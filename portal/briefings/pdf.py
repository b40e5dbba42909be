"""From HTML to a tagged PDF: WeasyPrint, loaded late, set up once per process."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from portal.briefings import tagging
from portal.briefings.glyphs import drawable

log = structlog.get_logger("portal.briefings")

CSS = "css/briefing.css"
# Everything a briefing may read; whatever else its HTML names is refused.
ASSETS = (
    CSS,
    "css/pack.css",
    "briefing/late.svg",
    "briefing/soon.svg",
    "fonts/atkinson-next-latin-400.woff2",
    "fonts/atkinson-next-latin-600.woff2",
    "fonts/atkinson-next-latin-ext-400.woff2",
    "fonts/atkinson-next-latin-ext-600.woff2",
)


class NoRenderer(RuntimeError):
    """WeasyPrint or the Pango it needs is not on this machine."""


class Refused(ValueError):
    """The document asked for something that is not one of its own files."""


@dataclass(frozen=True)
class Rendered:
    """A finished PDF."""

    data: bytes
    pages: int


def asset(name: str) -> Path:
    """Where a static file of the briefings lies: in the source, or where static files are collected."""
    found = finders.find(name)
    return Path(found if isinstance(found, str) else staticfiles_storage.path(name)).resolve()


@lru_cache(maxsize=1)
def css_text() -> str:
    """The style sheet as it is; part of what makes two briefings equal."""
    return asset(CSS).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _allowed() -> dict[Path, str]:
    return {asset(name): name for name in ASSETS}


def allowed_path(url: str) -> Path:
    """The file behind the address, if it is one of the document's own; raises Refused otherwise."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise Refused(f"a briefing reads no {parts.scheme or 'such'} address")
    path = Path(unquote(parts.path)).resolve()
    if path not in _allowed():
        raise Refused("a briefing reads its own files only")
    return path


class _Engine:
    """WeasyPrint with its fonts and the parsed style sheet, made after the fork and used again."""

    def __init__(self) -> None:
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher, URLFetcherResponse
        except (ImportError, OSError) as error:
            raise NoRenderer(type(error).__name__) from error

        class OwnFiles(URLFetcher):  # type: ignore[misc]
            """Reads the briefing's own files and nothing else."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                try:
                    path = allowed_path(url)
                except Refused as refused:
                    log.warning("briefing_file_refused", reason=str(refused))
                    raise
                # A style sheet that does not say so is not read as one.
                headers = {"Content-Type": "text/css"} if path.suffix == ".css" else None
                return URLFetcherResponse(url, path.read_bytes(), headers)

        self.weasyprint = weasyprint
        self.fetcher = OwnFiles()
        self.fonts = FontConfiguration()
        self.base = asset(CSS).as_uri()
        self.css = weasyprint.CSS(
            string=css_text(), base_url=self.base, font_config=self.fonts, url_fetcher=self.fetcher
        )

    def render(self, html: str) -> Rendered:
        source = self.weasyprint.HTML(string=html, base_url=self.base, url_fetcher=self.fetcher)
        laid = source.render(font_config=self.fonts, stylesheets=[self.css], pdf_variant="pdf/ua-1")
        data = laid.write_pdf(finisher=tagging.finish, pdf_variant="pdf/ua-1")
        return Rendered(data, len(laid.pages))


_engine: _Engine | None = None
_pid = 0


def _ready() -> _Engine:
    global _engine, _pid
    if _engine is None or _pid != os.getpid():
        _engine, _pid = _Engine(), os.getpid()
    return _engine


@contextmanager
def _uncollected() -> Iterator[None]:
    """Garbage collection waits: a render makes many objects and drops them all at once."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def render(html: str) -> Rendered:
    """The PDF of this document; raises NoRenderer where WeasyPrint or Pango is missing."""
    engine = _ready()
    with _uncollected():
        return engine.render(drawable(html))
