"""What the scripts of the editor weigh together with the one of every page."""

from pathlib import Path

import brotli  # type: ignore[import-untyped]
from django.conf import settings

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"


def test_no_page_has_more_than_five_kilobytes_of_script() -> None:
    for own in ("programme.js", "runsheet.js"):
        both = [(SCRIPTS / name).read_bytes() for name in ("enhance.js", own)]
        assert sum(len(brotli.compress(one)) for one in both) <= 5_000
