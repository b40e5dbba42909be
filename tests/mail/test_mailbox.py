"""The Demo-postvak shows when a mail was sent, whatever way its date is written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.mail import mailbox


@pytest.mark.parametrize("zone", ["-0000", "+0000", "+0100"])
def test_the_date_of_a_mail_is_a_moment(settings: Any, tmp_path: Path, zone: str) -> None:
    settings.SMTP_SINK_DIR = tmp_path
    hour = 13 if zone == "+0100" else 12
    text = f"Date: Wed, 25 Nov 2026 {hour}:00:00 {zone}\nSubject: Proef\nTo: a@b.example\n\nTekst\n"
    (tmp_path / "1.eml").write_text(text, encoding="ascii")
    (mail,) = mailbox.newest()
    assert mail.sent_at == datetime(2026, 11, 25, 12, tzinfo=UTC)
