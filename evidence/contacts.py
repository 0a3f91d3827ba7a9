"""Ways to reach somebody: e-mail, onion, link, and messenger names in plain labelled forms."""

import re
from collections.abc import Iterator

from evidence.armor import Found

EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}\b"
)
ONION = re.compile(r"(?<![A-Za-z0-9])(?:[a-z2-7]{56}|[a-z2-7]{16})\.onion\b", re.IGNORECASE)
LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'\[\]{}|\\^`]{3,2000}", re.IGNORECASE)
LINK_END = ".,;:!?)*"
LABELS = {
    "jabber": r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    "telegram": r"@?[A-Za-z]\w{4,31}",
    "wickr": r"@?[A-Za-z0-9]\w{2,31}",
    "session": r"05[0-9a-f]{64}",
    "threema": r"[A-Z0-9*][A-Z0-9]{7}",
    "icq": r"[0-9](?:-?[0-9]){4,9}",
    "skype": r"(?:live:)?[A-Za-z][\w.,-]{5,31}",
    "torchat": r"[a-z2-7]{16}",
    "bitmessage": r"BM-[1-9A-HJ-NP-Za-km-z]{32,36}",
    "tox": r"[0-9A-F]{76}",
    "ricochet": r"(?:ricochet:)?(?:[a-z2-7]{56}|[a-z2-7]{16})",
}
SPELLINGS = {"xmpp": "jabber", "tg": "telegram", "wickrme": "wickr", "tor chat": "torchat"}
CONTACT_HINT = r"(?i)\b(?:" + "|".join([*LABELS, *SPELLINGS]) + r")\b|\bt\.me/"
LABELLED = re.compile(
    r"\b(?P<label>" + "|".join([*SPELLINGS, *LABELS]) + r")(?:[ \t]?(?:me|id|name|user|handle))?"
    r"[ \t]?(?:[:=@\u2013\u2014]|[ ]-[ ]|[ ]is\b)[ \t]{0,4}(?=\S)",
    re.IGNORECASE,
)
TELEGRAM_LINK = re.compile(r"\bt\.me/(?P<name>[A-Za-z]\w{4,31})\b", re.IGNORECASE)
FORMS = {
    label: re.compile(form + r"(?!\w)", re.IGNORECASE if label != "threema" else 0)
    for label, form in LABELS.items()
}
CASED = ("bitmessage", "threema")

FINGERPRINT = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:0x)?(?:[0-9A-F]{40}|(?=[0-9]*[A-F])(?=[A-F]*[0-9])[0-9A-F]{16})"
    r"|0x(?:[0-9A-F]{16}|[0-9A-F]{8})"
    r"|(?:[0-9A-F]{4}[ \t\u00a0]{1,2}){9}[0-9A-F]{4})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
FINGERPRINT_HINT = (
    r"(?i)0x[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{4}[ \t\u00a0]{1,2}[0-9A-F]{4}[ \t\u00a0]"
)


def find_emails(text: str) -> Iterator[Found]:
    """E-mail addresses, in lower case."""
    for found in EMAIL.finditer(text):
        yield Found("email", found.start(), found.end(), found[0].lower())


def find_onions(text: str) -> Iterator[Found]:
    """Onion host names of version 2 (16 letters) and 3 (56), in lower case."""
    for found in ONION.finditer(text):
        yield Found("onion", found.start(), found.end(), found[0].lower())


def find_links(text: str) -> Iterator[Found]:
    """Web links, without the punctuation that follows them; host and scheme in lower case."""
    for found in LINK.finditer(text):
        link = found[0].rstrip(LINK_END)
        host = re.match(r"(?:https?://)?[^/?#]*", link, re.IGNORECASE)
        length = host.end() if host else 0
        value = link[:length].lower() + link[length:]
        yield Found("link", found.start(), found.start() + len(link), value)


def find_contacts(text: str) -> Iterator[Found]:
    """Messenger names that a label announces: `jabber: …`, `Wickr me - …`; value `LABEL:name`."""
    for label in LABELLED.finditer(text):
        spelled = label["label"].lower()
        name = SPELLINGS.get(spelled, spelled)
        found = FORMS[name].match(text, label.end())
        if found:
            yield Found("contact", found.start(), found.end(), f"{name}:{_plain(name, found[0])}")
    for found in TELEGRAM_LINK.finditer(text):
        yield Found("contact", found.start(), found.end(), f"telegram:{found['name'].lower()}")


def find_fingerprints(text: str) -> Iterator[Found]:
    """OpenPGP fingerprints and key ids in hex, in upper case without blanks and 0x."""
    for found in FINGERPRINT.finditer(text):
        value = re.sub(r"\s", "", found[0]).upper().removeprefix("0X")
        yield Found("fingerprint", found.start(), found.end(), value)


def _plain(label: str, name: str) -> str:
    bare = name.lstrip("@").rstrip(".,-")
    return bare if label in CASED else bare.lower()
