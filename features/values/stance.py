"""Whose is it, by the words around a value: "my wickr is …", "his tormail …", "sent 2 BTC to …"?

English, and the possessives of a few more languages. Words that give a value to somebody else count
in the value's own paragraph alone: a plea to "anyone" or "guys" precedes many an address.
"""

import re
from enum import IntEnum

BEFORE_CHARS, AFTER_CHARS = 90, 50
BEHIND_CHARS = 30
"""A word behind the value counts as if it stood so many characters further away."""


class Stance(IntEnum):
    """Whose the words around a value say it is."""

    UNSAID = 0
    OWN = 1
    OTHERS = 2


WICKR_ME = re.compile(r"(?i)\bwickr[ -]?me\b")
OWN_WORDS = (
    r"(?<!not )(?<!n't )(?<!never )(?:my|mine|our|ours|me|us|myself|ourselves)"
    r"|i'?m|i am|we'?re|we are|i use|we use|i'?ve got|(?:i|we) (?:have|can be|may be)"
    r"|mein(?:e[nmrs]?)?|unser(?:e[nmrs]?)?|mich|uns|mijn|onze|mij|notre|nos|nuestr[oa]s?|oss"
)
OTHERS_WORDS = (
    r"your|yours|h(?:is|er|ers|im)|s?he|the(?:ir|irs|m|y)|whose"
    r"|vendors?|sellers?|scam(?:s|med|mers?|ming)?|phish\w{0,4}|fake[ds]?|clones?"
    r"|impost[eo]rs?|impersonat\w{1,4}|beware|stole(?:n)?|hack(?:ed|ers?)?|thie(?:f|ves)"
    r"|admins?|support|mods?|moderators?|staff|official|escrow|multisig|mixer|tumbler"
    r"|sent|paid|e\.g|example|not (?:my|mine|our|me|us)|(?:isn|aren|wasn)'t (?:my|mine|me|us)"
    r"|(?!(?:here|there|that|it|what|who|where|how|let|he|she|today|tonight)'s)\w{3,30}'s"
    r"|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?|zijn|betr\u00fcger|leurs?|suyos?|hans|deres"
)
CUE = re.compile(
    rf"(?<!\w)(?:(?P<others>{OTHERS_WORDS})|(?P<own>{OWN_WORDS}))(?!\w)", re.IGNORECASE
)
BEHIND = re.compile(
    r"(?P<others>(?:is|was|are)(?: not|n't)? (?:an? )?(?:his|hers|theirs|the scam|scam|fake|a fake"
    r"|impost|not me|not mine|phish)|belongs to (?!me|us)|(?:not|n't) (?:me|mine|us|ours)\b|scam)"
    r"|(?P<own>(?:is|are) (?:my|mine|our|ours|me|us)\b|belongs to (?:me|us)\b"
    r"|(?:that'?s|this is) (?:me|us|my|our|mine)\b|to (?:reach|contact) (?:me|us)\b)",
    re.IGNORECASE,
)


def stance_of(before: str, after: str, named: int | None = None, *, own: bool = False) -> Stance:
    """Whose the value between two pieces of text is; the nearest word decides.

    Args:
        before: what stands before the value; its last `BEFORE_CHARS` count.
        after: what stands behind it; only the rest of its line counts.
        named: how many characters before the value an account's handle ends; None where none does.
        own: whether that is the handle of whoever writes.
    """
    found = [_last_before(before[-BEFORE_CHARS:]), _first_behind(after[:AFTER_CHARS])]
    if named is not None and named <= BEFORE_CHARS:
        found.append((named, Stance.OWN if own else Stance.OTHERS))
    return min((one for one in found if one), default=(0, Stance.UNSAID))[1]


def _last_before(text: str) -> tuple[int, Stance] | None:
    plain = WICKR_ME.sub(lambda hit: "-" * len(hit[0]), text)
    paragraph = plain.rfind("\n\n")
    cues = [cue for cue in CUE.finditer(plain) if cue["own"] or cue.start() > paragraph]
    return (len(plain) - cues[-1].end(), _said(cues[-1])) if cues else None


def _first_behind(text: str) -> tuple[int, Stance] | None:
    found = BEHIND.search(text.partition("\n")[0])
    return (found.start() + BEHIND_CHARS, _said(found)) if found else None


def _said(found: re.Match[str]) -> Stance:
    return Stance.OTHERS if found["others"] else Stance.OWN
