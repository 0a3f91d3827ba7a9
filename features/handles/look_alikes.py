"""Characters that are read as Latin letters, by the skeletons of Unicode TS 39.

The table beside this file is made from ICU's data (its head says which); small capitals and letters
in boxes, which Unicode does not count as confusable but people write names with, are added here.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import ascii_lowercase

FILE = "look-alikes.tsv"
SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
BOXES = {
    chr(first + place): letter
    for first in (0x1F150, 0x1F170, 0x1F1E6)
    for place, letter in enumerate(ascii_lowercase)
}
"""White letters on a disc or a square, and the letters that flags are made of."""
SPELLED = {"ß": "ss", "ẞ": "ss", "ς": "o", "ω": "w"}
"""Sharp s; final sigma, which is read like sigma; omega, which TS 39 lets look like nothing."""


@cache
def latin() -> Mapping[int, str]:
    """What each character is read as, in small letters, for `str.translate`.

    A small letter that looks like none is read as its capital: `в` as `В`, which is `b`.
    """
    table = {chr(int(point, 16)): seen.lower() for point, seen in _rows()}
    table = BOXES | SMALL_CAPITALS | table | SPELLED
    for capital, seen in list(table.items()):
        if len(capital.lower()) == 1:
            table.setdefault(capital.lower(), seen)
    return {ord(character): seen for character, seen in table.items() if not character.isascii()}


def _rows() -> list[tuple[str, str]]:
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [(point, seen) for point, seen, _ in lines]
