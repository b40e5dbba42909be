"""Takes an upload in: to disk, and no further than its limit.

This handler stands before every view, so it takes a file only for a signed-in person at an address
that says it takes one. What is refused is read past and kept nowhere; the other fields stay.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve

from portal.papers.enums import Refusal
from portal.papers.kinds import ENOUGH, MB, MOST_BYTES, kind_of, too_big

# The other fields and the edges of a form with a file.
_AROUND = 1 * MB
# A body up to here is read past, so that the browser can show the sentence; after that we hang up.
MOST_READ_PAST = 1024 * MB

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_a_file(view: View) -> View:
    """Declare that this view takes an upload."""
    view.takes_a_file = True  # type: ignore[attr-defined]
    return view


def refusal(request: HttpRequest) -> Refusal | None:
    """Why the file of this request was refused while it came in, if it was."""
    request.FILES  # noqa: B018 - reading is what takes the file in
    found: Refusal | None = getattr(request, "upload_refused", None)
    return found


class BoundedUpload(FileUploadHandler):
    """Writes a file to disk until it turns out too big or of a kind that is not taken."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.upload: Any = None
        self._body = 0
        self._head = b""
        self._size = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self._body = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._head, self._size, self.upload = b"", 0, None
        if not self._is_taken():
            raise SkipFile
        if self._body > MOST_READ_PAST:
            self._note(Refusal.TOO_BIG)
            raise StopUpload(connection_reset=True)
        if self._body > MOST_BYTES + _AROUND:
            self._refuse(Refusal.TOO_BIG)
        # What people call their files holds names of people; that name goes no further than here.
        self.upload = TemporaryUploadedFile("stuk", self.content_type or "", 0, self.charset, {})

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if len(self._head) < ENOUGH:
            self._head += raw_data[:ENOUGH]
        kind = kind_of(self._head)
        found = too_big(kind, self._size)
        if found is None and isinstance(kind, Refusal) and len(self._head) >= ENOUGH:
            found = kind
        if found is not None:
            self._refuse(found)
        self.upload.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        if self.upload is None:
            return None
        self.upload.seek(0)
        self.upload.size = file_size
        return self.upload

    def upload_interrupted(self) -> None:
        if self.upload is not None:
            self._note(Refusal.INTERRUPTED)
            self.upload.close()

    def _is_taken(self) -> bool:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return False
        try:
            view = resolve(self.request.path_info).func  # type: ignore[union-attr]
        except Http404:
            return False
        return getattr(view, "takes_a_file", False)

    def _note(self, why: Refusal) -> None:
        self.request.upload_refused = why  # type: ignore[union-attr]

    def _refuse(self, why: Refusal) -> None:
        self._note(why)
        if self.upload is not None:
            self.upload.close()
            self.upload = None
        raise SkipFile
