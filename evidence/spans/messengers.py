"""Names on messengers that a label announces: `Wickr me - …`, `TG: @…`, `torchat id is …`."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from evidence.spans.addresses import is_onion_v3
from evidence.spans.found import Found
from evidence.spans.phones import PHONE, e164

WINDOW_CHARS = 40
LONGEST_NAME_CHARS = 100
NO_NAMES = frozenset(
    (
        "address", "available", "below", "chat", "coming", "contact", "handle", "here", "jabber",
        "none", "only", "please", "request", "same", "signal", "skype", "soon", "telegram",
        "threema", "user", "username", "wickr", "with", "your",
    )
)  # fmt: skip


class Messenger(NamedTuple):
    """How a messenger is spelled and what its names look like.

    A `sure` form is no word of any language: it may stand up to 40 characters behind the label,
    other names have to follow it. `plain` normalises a name; None where it is none.
    """

    spelling: str
    form: re.Pattern[str]
    plain: Callable[[str], str | None]
    sure: bool = False


def _word(name: str) -> str | None:
    bare = name.lstrip("@").lower()
    return None if bare in NO_NAMES else bare


def _digits(name: str) -> str:
    return re.sub(r"\D", "", name)


def _threema(name: str) -> str | None:
    whole = name.isupper() or (name.islower() and any(letter.isdigit() for letter in name))
    return name.upper() if whole else None


def _signal(name: str) -> str | None:
    return e164(name) if name[0] in "+0(" else name.lower().lstrip("@")


def _onion_like(name: str) -> str | None:
    letters = name.lower()
    whole = len(letters) == 16 or is_onion_v3(letters)
    return letters if whole and not letters.isalpha() else None


def _hex(name: str) -> str:
    return name.replace(" ", "").upper()


TOR_NAME = re.compile(r"(?<![\w/])(?:[a-z2-7]{56}|[a-z2-7]{16})(?![\w.]\w)", re.IGNORECASE)
SIGNAL_NAME = rf"(?<![\w.])@?[A-Za-z_]\w{{2,31}}\.[0-9]{{2,9}}(?!\w)|{PHONE.pattern}"
ICQ_NUMBER = re.compile(r"(?<![\w-])[1-9](?:-?[0-9]){4,9}(?![\w-])")
OTR_FINGERPRINT = re.compile(r"(?<!\w)(?:[0-9A-F]{8} ?){4}[0-9A-F]{8}(?!\w)", re.IGNORECASE)
THREEMA_ID = re.compile(r"[A-Z0-9*][A-Z0-9]{7}", re.IGNORECASE)
MESSENGERS = {
    "telegram": Messenger(r"telegram|tg", re.compile(r"@?[A-Za-z]\w{4,31}"), _word),
    "wickr": Messenger(
        r"wickr(?:[ -]?(?:me|pro))?|wkr", re.compile(r"@?[A-Za-z0-9][\w.-]{1,30}\w"), _word
    ),
    "skype": Messenger(r"skype", re.compile(r"(?:live:)?[A-Za-z][\w.,-]{4,30}\w"), _word),
    "torpm": Messenger(r"tor ?pm", re.compile(r"[A-Za-z0-9][\w-]{1,30}\w"), _word),
    "threema": Messenger(r"threema", THREEMA_ID, _threema),
    "icq": Messenger(r"icq", ICQ_NUMBER, _digits, sure=True),
    "signal": Messenger(r"signal", re.compile(SIGNAL_NAME), _signal, sure=True),
    "whatsapp": Messenger(r"whats ?app", PHONE, e164, sure=True),
    "torchat": Messenger(r"tor ?chat|tc id", TOR_NAME, _onion_like, sure=True),
    "ricochet": Messenger(r"ricochet", TOR_NAME, _onion_like, sure=True),
    "otr": Messenger(r"otr|off[ -]the[ -]record", OTR_FINGERPRINT, _hex, sure=True),
}
LABEL_HINTS = (
    (
        r"(?i)telegram|wickr|wkr|skype|tor ?pm|threema|icq|signal|whats ?app|tor ?chat|tc id"
        r"|ricochet|off.the.record",
    ),
    (r"\bT[Gg]\b|\btg\b",),
    (r"(?i)\botr\b",),
)

SPELLINGS = "|".join(messenger.spelling for messenger in MESSENGERS.values())
LABEL = re.compile(
    r"(?<![\w@.])(?<![:/]/)(?:"
    + "|".join(f"(?P<{name}>{messenger.spelling})" for name, messenger in MESSENGERS.items())
    + r")(?![\w@])",
    re.IGNORECASE,
)
ANOTHER = re.compile(rf"\b(?:{SPELLINGS}|[pg]gp|gpg|e-?mail|jabber|xmpp)\b", re.IGNORECASE)
CALLED = r"(?:id|me|name|user ?name|user|handle|nick(?:name)?|contact|address|account)"
SEPARATOR = re.compile(
    rf"(?:[ \t]?(?:/|&|\+|,|\||or|and)[ \t]?(?:{SPELLINGS})){{0,4}}(?:[ \t]{CALLED})?"
    r"[\"')\]*]{0,2}[ \t]{0,3}(?:[:=@\u2013\u2014|]|[-=]>|-(?=[ \t])|is[ \t]{0,2}:)"
    rf"(?:[ \t]{{0,3}}{CALLED}\b[ \t]{{0,2}}:?)?[ \t]{{0,4}}[\"'*\[(]{{0,2}}",
    re.IGNORECASE,
)
BLANK = re.compile(
    rf"(?:[ \t]{CALLED})?[ \t]{{1,3}}(?:is[ \t]{{1,3}})?"
    r"(?=@[A-Za-z]|[\w.-]{6})(?=@|[A-Za-z][A-Za-z.-]{0,30}[0-9_])",
    re.IGNORECASE,
)
"""Without a separator only what has a digit or an underscore, or an @ before it, is a name."""


def find_labelled(text: str) -> Iterator[Found]:
    """The names behind labels, as `MESSENGER:name`; in lower case where the messenger folds it."""
    for label in LABEL.finditer(text):
        name = str(label.lastgroup)
        messenger = MESSENGERS[name]
        find = _sure_name if messenger.sure else _next_name
        found = find(text, label.end(), messenger.form)
        value = messenger.plain(found[0]) if found else None
        if found and value:
            yield Found("contact", *found.span(), f"{name}:{value}")


def _sure_name(text: str, place: int, form: re.Pattern[str]) -> re.Match[str] | None:
    """The first name within the window, unless something else is announced before it."""
    latest = place + WINDOW_CHARS
    found = form.search(text, place, latest + LONGEST_NAME_CHARS)
    near = found is not None and found.start() <= latest
    return found if found and near and not ANOTHER.search(text, place, found.start()) else None


def _next_name(text: str, place: int, form: re.Pattern[str]) -> re.Match[str] | None:
    gap = SEPARATOR.match(text, place) or BLANK.match(text, place)
    found = form.match(text, gap.end()) if gap else None
    return found if found and not text[found.end() : found.end() + 1].isalnum() else None
