"""Uploading a paper or a version of one, and taking a paper away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from portal.papers.enums import Kind, Refusal
from portal.papers.kinds import ENDINGS, ENOUGH, kind_of, too_big
from portal.ui.forms import CreatingForm, FreeText, PortalForm

_ACCEPT = ",".join(["image/webp", *(f".{ending}" for ending in ENDINGS.values()), ".jpeg"])


class PaperFile(forms.FileField):
    """One file; what it is shows from its first bytes, never from its name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Bestand"),
            widget=forms.FileInput(attrs={"accept": _ACCEPT}),
            help_text=gettext_lazy(
                "PDF, foto (JPEG, PNG, WebP), DOCX, XLSX of ODT. Hoogstens 50 MB, een foto hoogstens 15 MB."
            ),
            error_messages={
                "required": gettext_lazy("Kies een bestand."),
                "missing": gettext_lazy("Kies een bestand."),
                "invalid": gettext_lazy("Kies een bestand."),
                "empty": Refusal.EMPTY.label,
            },
            **kwargs,
        )
        self.refused: Refusal | None = None

    def clean(self, data: Any, initial: Any = None) -> Any:
        if self.refused is not None:
            raise ValidationError(self.refused.label)
        upload = super().clean(data, initial)
        upload.seek(0)
        kind = kind_of(upload.read(ENOUGH))
        upload.seek(0)
        why = too_big(kind, upload.size) or (kind if isinstance(kind, Refusal) else None)
        if why is not None:
            raise ValidationError(why.label)
        upload.kind = kind
        return upload


class UploadForm(CreatingForm):
    """A file; `refused` says why it was stopped while it came in."""

    upload = PaperFile()

    def __init__(self, *args: Any, refused: Refusal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["upload"]
        assert isinstance(field, PaperFile)
        field.refused = refused

    def kind(self) -> Kind:
        """What the file is; for a valid form."""
        found: Kind = self.cleaned_data["upload"].kind
        return found


class AddForm(UploadForm):
    """A paper: what it is called, and its file."""

    field_order = ("title", "upload")

    title = FreeText(
        label=gettext_lazy("Hoe heet het stuk"),
        rows=1,
        max_length=120,
        help_text=gettext_lazy(
            "Bijvoorbeeld: voorstel voor het college. Zet in titel en stuk niets over "
            "kinderen, slachtoffers of andere burgers."
        ),
    )


class WithdrawForm(PortalForm):
    """Why a paper is taken away."""

    reason = FreeText(label=gettext_lazy("Waarom"), rows=2, max_length=500)
