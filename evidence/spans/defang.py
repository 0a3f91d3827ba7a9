"""Addresses written so that no machine should find them: `name [at] host (dot) com`, `hxxp://`.

The patterns here are pieces for others to build on; every repetition in them is bounded.
"""

import re

OPEN, CLOSE = r"[ \t]?[\[({<]{1,2}[ \t]?", r"[ \t]?[\])}>]{1,2}[ \t]?"
BRACKETED_DOT = rf"{OPEN}(?:\.|dot|punkt){CLOSE}"
BRACKETED_AT = rf"{OPEN}(?:@|at|ät){CLOSE}"
WORD_DOT, WORD_AT = r"[ \t]{1,2}dot[ \t]{1,2}", r"[ \t]{1,2}at[ \t]{1,2}"
SPACED_DOT, SPACED_AT = r"[ \t]{1,2}\.[ \t]{1,2}", r"[ \t]{1,2}@[ \t]{1,2}"

DOT = re.compile(rf"{BRACKETED_DOT}|{WORD_DOT}|[ \t]*\.[ \t]*", re.IGNORECASE)
AT = re.compile(rf"{BRACKETED_AT}|{WORD_AT}|[ \t]*@[ \t]*", re.IGNORECASE)
LINK_DOT = re.compile(r"[\[(](?:\.|dot)[\])]", re.IGNORECASE)
SCHEME = re.compile(r"\Ah(?:xx|\*\*)p(s?)\b", re.IGNORECASE)


def fanged(address: str) -> str:
    """An e-mail address with its dots and its @ as they were meant."""
    return AT.sub("@", DOT.sub(".", address))


def fanged_link(link: str) -> str:
    """A web link with its dots and its scheme as they were meant."""
    return SCHEME.sub(r"http\1", LINK_DOT.sub(".", link))
