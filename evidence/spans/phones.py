"""Telephone numbers in international form, as the numbering plans of the countries have them."""

import re
from collections.abc import Iterator

import phonenumbers

from evidence.spans.found import Found

PHONE_HINTS = (
    (r"(?:\+|\b00)[ (]{0,2}[1-9]", r"(?:\+|\b00)[ (]{0,2}[1-9][0-9 ().\-/\u00a0]{6}"),
    (r"[0-9]{3}\)?[-. ][0-9]{3}[-.][0-9]{4}",),
)
PHONE = re.compile(
    r"(?<![\w+.,:/=#-])(?:\(?\+[ (]?|00)(?=[1-9])[\d ().\-/\u00a0]{7,24}(?<=\d)(?![\w%])"
)
AMERICAN = re.compile(
    r"(?<![\w+.,:/=#-])(?:\([2-9][0-9]{2}\)[ -]?|[2-9][0-9]{2}(?P<gap>[-.]))"
    r"[2-9][0-9]{2}(?(gap)(?P=gap)|-)[0-9]{4}(?![\w%-]|\.\d)"
)
SHORTEST_DIGITS = 8
AMERICA = "1"


def find_phones(text: str) -> Iterator[Found]:
    """Numbers that some country's plan knows (libphonenumber), in E.164.

    After `+` or `00`, or as North America groups them, 3-3-4: no other national form is telling.
    """
    ends = set()
    for found in PHONE.finditer(text):
        number = e164(found[0])
        if number is not None:
            ends.add(found.end())
            yield Found("phone", *found.span(), number)
    for found in AMERICAN.finditer(text):
        number = e164(AMERICA + found[0])
        if number is not None and found.end() not in ends:
            yield Found("phone", *found.span(), number)


def e164(raw: str) -> str | None:
    """`+` and digits (ITU-T E.164) of a number in international form; None where there is none."""
    digits = re.sub(r"\D", "", raw).removeprefix("00")
    if len(digits) < SHORTEST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
