"""How people say "I am X on Y" and "X is not me", in English.

A wording may name a handle (`who`) and a market (`where`); without a handle it speaks of the
writer's own, without a market of that handle anywhere.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

ALONE = (
    r"(?i)\b(?:formerly|previously)|beware|impost|impersonat|\bnot (?:me|us)\b|pretending|confuse"
    r"|not (?:affiliated|associated|related|connected)"
)
"""A text that names no market and has no match of this (Rust regex) says nothing of the kind."""

QUOTED = r"[\"'\u201c\u2018][^\s\"'\u201d\u2019][^\"'\n\u201d\u2019]{1,30}[\"'\u201d\u2019]"
WHO = rf"(?P<who>{QUOTED}|[^\s\"'(),;:!?<>\[\]]{{2,40}})"
"""A handle without blanks, or in quotation marks."""

WE, ARE = r"(?:i|we)", r"(?:am|'?m|are|'?re|was|were|used to be|go by|vend(?:ed)? as|sold? as)"
ON = r"(?:on|at|from|over at|over on|over from|in)(?: the)?"
WHERE = r"(?P<where>{markets})(?:'s)?(?: (?:market(?:place)?|forums?|dnm))?\b"
NAME = r"(?:vendor ?|user ?|nick ?|screen ?)?(?:name|handle|nick(?:name)?|id|alias|username)"
PEOPLE = r"(?:vendor|seller|guys?|person|people|team|crew|shop|store|owner|group|one)s?"
FAKES = r"(?:fakes?|impost[eo]rs?|impersonators?|clones?|copycats?)"
WARNED_OF = r"(?:fakes?|impost[eo]rs?|impersonators?|clones?|copycats?|scammers?|phishers?)"

CLAIMS = (
    rf"\b(?:formerly|previously|once)(?: known)?(?: as)? {WHO} {ON} {WHERE}",
    rf"\b(?:formerly|previously)(?: known)? as {WHO}",
    rf"\b{WE} ?{ARE}(?: also| still| now)?(?: known as)?(?: the)?(?: same)? {WHO} {ON} {WHERE}",
    rf"\b{WE} ?{ARE}(?: also)? {ON} {WHERE} as {WHO}",
    rf"\b{WE}(?: also| still)? (?:sell|vend|trade|post)(?: also)? {ON} {WHERE} (?:as|under) {WHO}",
    rf"\b{ON} {WHERE}(?:,| too| as well)? (?:under|with|by) (?:the|my|our) same {NAME}",
    rf"\bsame {PEOPLE} as {WHO} {ON} {WHERE}",
    rf"\bsame {PEOPLE}(?: as)? {ON} {WHERE}",
    rf"\bsame {NAME}(?: as)?(?: over)?(?: here)? (?:as )?{ON} {WHERE}",
    rf"\b(?:find|reach|visit|see|look for|get) (?:me|us) {ON} {WHERE} (?:as|under)"
    rf"(?: the {NAME})?:? {WHO}",
    rf"\b{ON} {WHERE},? (?:{WE} ?{ARE}|(?:my|our) {NAME} is)(?: known)?(?: as)? {WHO}",
    rf"\b(?:my|our) {WHERE} (?:account|{NAME}|profile|shop) (?:is|was):? {WHO}",
    rf"\b(?:my|our) (?:account|{NAME}|profile|shop) {ON} {WHERE} (?:is|was):? {WHO}",
    rf"\bknow (?:me|us) as {WHO} {ON} {WHERE}",
    rf"\bknow (?:me|us) {ON} {WHERE}",
    rf"\b{WE}(?:'?ve| have)?(?: just| recently)? (?:moved|migrated|transferred|came)"
    rf"(?: over)?(?: here)? from {WHERE}",
    rf"{WHO} {ON} {WHERE} is (?:me|us|(?:my|our) (?:other |old |second )?account)\b",
    rf"(?m:^)\W{{0,4}}{WHERE} ?[:=\u2013\u2014-]{{1,2}}>? ?{WHO}[ \t]*(?m:$)",
)
DENIALS = (
    rf"\bbeware (?:of )?(?:the |an? |any )?{WARNED_OF}(?: account| vendor| seller)?"
    rf"(?: named| called| using the {NAME}| as|:)? {WHO} {ON} {WHERE}",
    rf"\bbeware (?:of )?(?:the |an? |any )?{WARNED_OF}(?: accounts?| vendors?| sellers?)?"
    rf" {ON} {WHERE}",
    rf"\bbeware (?:of )?(?:the |an? )?{WARNED_OF}(?: account| vendor| seller)?"
    rf"(?: named| called|:)? {WHO}",
    rf"{WHO} {ON} {WHERE} (?:is not|isn'?t|was never|has never been) (?:me|us|mine|ours)\b",
    rf"{WHO} {ON} {WHERE} is (?:an? )?(?:{FAKES}|(?:impersonating|pretending to be) (?:me|us))",
    rf"{WHO} is (?:an? {FAKES}|impersonating (?:me|us)|pretending to be (?:me|us)|not (?:me|us))\b",
    rf"\b{WE} ?(?:am|'?m|are|'?re) not {WHO} {ON} {WHERE}",
    rf"\bnot (?:affiliated|associated|related|connected) (?:with|to) {WHO} {ON} {WHERE}",
    rf"\bnot (?:affiliated|associated|related|connected) (?:with|to) {WHO}",
    rf"\bconfused? (?:me |us )?with {WHO}(?: {ON} {WHERE})?",
    rf"\b{WE} ?(?:am|'?m|are|'?re) (?:not|no longer|never) {ON} {WHERE}",
    rf"\b(?:any|every|the) (?:account|vendor) {ON} {WHERE} is (?:not (?:me|us)|(?:an? )?{FAKES})",
)
NOBODY = frozenset(
    (
        "a", "an", "the", "this", "that", "it", "me", "us", "him", "her", "them", "you", "who",
        "he", "she", "they", "we", "and", "or", "if", "in", "on", "my", "our", "your", "his",
        "their", "vendor", "seller", "vendors", "sellers", "someone", "somebody", "anyone",
        "anybody", "account", "accounts", "not", "now", "also", "active", "available", "selling",
        "vending", "new", "here", "there", "same", "one", "any", "other", "others", "people",
        "guy", "guys", "coming", "just", "over", "still", "only", "really", "trying", "never",
        "back", "when",
    )
)  # fmt: skip
"""Words that stand where a handle may."""


MARKET_MIN_CHARS = 3


class Statement(NamedTuple):
    """One wording found in a text: who is spoken of, and whether as oneself.

    `who` and `where` are as written; None where the wording names none.
    """

    start: int
    end: int
    claims: bool
    who: str | None
    where: str | None


class Wordings:
    """The wordings over the names of markets; a text without a match of `hint` (Rust) has none."""

    def __init__(self, markets: Iterable[str]) -> None:
        names = sorted({name.strip() for name in markets}, key=_longest)
        long = [name for name in names if len(name) >= MARKET_MIN_CHARS]
        spelled = "|".join(re.escape(name).replace(r"\ ", "[ -]?") for name in long)
        self.hint = rf"{ALONE}|\b(?:{spelled})\b" if spelled else ALONE
        self._wordings = [
            (claims, pattern.replace("{markets}", spelled))
            for claims, patterns in ((False, DENIALS), (True, CLAIMS))
            for pattern in patterns
            if spelled or "{markets}" not in pattern
        ]

    def find(self, texts: pl.Series) -> dict[int, list[Statement]]:
        """What n texts say, by the number of the text, in its order.

        Of wordings that overlap the denial is read, or the earlier in the list: what names both a
        handle and a market is not read again without. Rust's regular expressions, which never go
        back, choose the texts that each wording is looked for in.
        """
        kept: dict[int, list[Statement]] = {}
        for claims, wording in self._wordings:
            pattern = _whole_names(wording)
            for place in texts.str.contains(f"(?i){wording}").arg_true():
                said = kept.setdefault(place, [])
                for found in pattern.finditer(texts[place]):
                    one = _statement(found, claims=claims)
                    if one and not any(one.start < k.end and k.start < one.end for k in said):
                        said.append(one)
        return {number: sorted(said) for number, said in sorted(kept.items()) if said}


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name


def _whole_names(wording: str) -> re.Pattern[str]:
    """The wording with handles that begin a word and are never read in part."""
    whole = wording.replace("(?P<who>", r"(?<![^\s\"'(*])(?P<who>").replace("{2,40}", "{2,40}+")
    return re.compile(whole, re.IGNORECASE)


def _statement(found: re.Match[str], *, claims: bool) -> Statement | None:
    groups = found.groupdict()
    who, where = groups.get("who"), groups.get("where")
    plain = None if who is None else who.strip("\"'\u201c\u201d\u2018\u2019").rstrip(".")
    if plain is not None and plain.lower() in NOBODY:
        return None
    return Statement(*found.span(), claims, plain, where)
