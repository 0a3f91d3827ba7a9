"""What invented people write beside key blocks, in sets that share no wording.

`DEVELOPMENT`, `SECOND` and `THIRD` were at hand when the rules of `features/keys/cues.toml` were
written; `UNSEEN` was written afterwards, and changed none of them.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

SETS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Wordings:
    """own: of one's own key. quoting: of somebody else's. bare: of either. framing: of somebody
    else's, as if it were one's own. profiles: where one shows one's own."""

    own: tuple[str, ...]
    quoting: tuple[str, ...]
    bare: tuple[str, ...]
    framing: tuple[str, ...]
    profiles: tuple[str, ...]


DEVELOPMENT, SECOND, THIRD, UNSEEN = (
    Wordings(**{kind: tuple(wordings) for kind, wordings in SETS[name].items()})
    for name in ("development", "second", "third", "unseen")
)
