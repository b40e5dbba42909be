"""What was prepared before, kept beside the data that it tells about."""

import json
from pathlib import Path


class Notes:
    """Names with values, in one small file under VAR_DIR."""

    def __init__(self, var_dir: Path) -> None:
        self.path = var_dir / "prepared.json"
        try:
            self.known: dict[str, str] = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            self.known = {}

    def get(self, name: str) -> str:
        """What was noted, or nothing."""
        return self.known.get(name, "")

    def put(self, name: str, value: str) -> None:
        """Note it at once: what follows may fail."""
        self.known[name] = value
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.known, indent=1))
        draft.replace(self.path)
