"""Where a Bolt server answers."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from evidence.durable import writing_to


@dataclass(frozen=True)
class ServerAddress:
    """Where a Bolt server answers, and as whom to speak to it.

    No password, or an empty one, is no authentication.
    """

    uri: str
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)

    def leave_at(self, path: Path) -> None:
        """Write it to a file that only its owner can read; whole or not at all."""
        part = path.with_name(f"{path.name}.part")
        with writing_to(path):
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(self), file)
            part.rename(path)

    @classmethod
    def found_at(cls, path: Path) -> "ServerAddress | None":
        """Read what `leave_at` wrote; None where nothing was left."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
