"""Numbers and names in words that people read."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2

from api.answers import Evidence, Link, LinkAnswer, Step
from api.pair_answers import PairAnswer

BANDS: Mapping[str, str] = {
    "lead": "Worth a look. It may rest on things that anyone can copy, and joins no persona by "
    "itself.",
    "strong": "The probability passes the model's threshold, and something that is costly to fake "
    "speaks for it while nothing such speaks against; or the secret key of one side names the "
    "other.",
    "proved": "An act that needs a secret key binds both accounts to each other.",
    "copies": "Shares what others know an account by and differs in what was not copied: one "
    "account rather imitates the other.",
}
FORGEABLE: Mapping[str, str] = {
    "free": "anyone can copy this in a minute",
    "costly": "to fake this takes a sustained act",
    "infeasible": "to fake this takes the secret key",
}
RELATIONS: Mapping[str, str] = {
    "across": "on two markets",
    "same": "on one market",
    "forum": "on a forum and the market it serves",
}
FRAMING = (
    "Whatever speaks for one hand here a stranger can copy in a minute: somebody may have made it "
    "look so."
)
RULED: Mapping[str, str] = {
    "same": "A person ruled that these two are one hand.",
    "different": "A person ruled that these two are different hands: no persona holds both.",
    "unsure": "A person looked at these two and was not sure.",
}
YARDSTICK: Sequence[tuple[float, str]] = (
    (0.075, "a remote chance"),
    (0.225, "highly unlikely"),
    (0.375, "unlikely"),
    (0.525, "a realistic possibility"),
    (0.775, "likely"),
    (0.925, "highly likely"),
    (1.01, "almost certain"),
)
"""Upper ends of the PHIA Probability Yardstick (UK Professional Head of Intelligence Assessment),
whose ranges leave gaps; a gap is cut in its middle."""
MOST_ODDS_BITS = log2(1_000_000)
JOINER, PICTURE_PARTS = "\u200d", ("So", "Sk", "Mn")


def proposal(verdict: str | None, band: str | None) -> str:
    """What a pair is proposed as, in one word: its band, `copies`, or that it is not."""
    return band or verdict or "not proposed"


def stands(link: Link | PairAnswer) -> str:
    """What a pair is proposed as, in one word."""
    return proposal(link.verdict, link.band)


def stands_without(evidence: Evidence) -> str:
    """What the link would be had this not been found."""
    return proposal(evidence.without_verdict, evidence.without_band)


def hangs_on_one(answer: LinkAnswer) -> bool:
    """Whether a link would be something else without one of its findings, as far as is known."""
    known = [s.evidence for s in answer.steps if s.evidence and s.evidence.without_bits is not None]
    return not known or any(stands_without(found) != stands(answer.link) for found in known)


def sentence(words: str) -> str:
    """Words as a sentence: a capital, a full stop, and true minus signs."""
    signs = words.replace(" -", " \N{MINUS SIGN}")
    return f"{signs[:1].upper()}{signs[1:]}."


def in_words(probability: float) -> str:
    """A probability (0..1) as analysts say it."""
    return next(words for end, words in YARDSTICK if probability < end)


def percent(probability: float) -> str:
    """A probability (0..1) as a percentage that never claims certainty."""
    if probability > 0.999:
        return "over 99.9 %"
    if probability < 0.001:
        return "under 0.1 %"
    places = 0 if 0.1 <= probability <= 0.9 else 1
    return f"{100 * probability:.{places}f} %"


def expected_wrong(proposals: int, wrong_count: float) -> str:
    """How many of so many proposals of one hand are expected to be wrong."""
    about = f"about {wrong_count:,.0f}" if wrong_count >= 0.5 else "fewer than one"
    listed = "1 proposal" if proposals == 1 else f"{proposals:,} proposals"
    return f"{listed} of one hand, {about} of them expected to be wrong"


def odds(bits: float) -> str:
    """log2 odds as odds, three digits exact: `1 : 16,400`, `37 : 1`; nobody needs a trillion."""
    if abs(bits) > MOST_ODDS_BITS:
        return "over 1,000,000 : 1" if bits > 0 else "under 1 : 1,000,000"
    rounded = float(f"{2 ** abs(bits):.3g}")
    return f"{rounded:,.0f} : 1" if bits >= 0 else f"1 : {rounded:,.0f}"


def signed(bits: float) -> str:
    """Bits with their sign and one decimal; nothing is +0.0, whichever side it is rounded from."""
    return f"{bits:+z.1f}".replace("-", "\N{MINUS SIGN}")


def day(time: datetime | None) -> str:
    """The day of a time; "unknown" where there is none."""
    return time.date().isoformat() if time else "unknown"


def visible(text: str) -> str:
    """Text whose invisible characters are named, so that look-alikes show as such.

    Control and format characters (Unicode Cc, Cf: direction overrides, zero-width spaces) become
    `⟨U+202E⟩`; line ends and tabs stay, and so does the joiner inside an emoji.
    """
    before = (" ", *text)
    return "".join(
        f"⟨U+{ord(letter):04X}⟩" if _hides(letter, last) else letter
        for last, letter in zip(before, text, strict=False)
    )


def _hides(letter: str, last: str) -> bool:
    if letter in "\n\r\t" or (letter == JOINER and unicodedata.category(last) in PICTURE_PARTS):
        return False
    return unicodedata.category(letter) in ("Cc", "Cf")


def market_of(account_id: str) -> str:
    """The market's part of an account's id."""
    return account_id.partition(":")[0]


def handle_of(account_id: str) -> str:
    """The handle's part of an account's id."""
    return account_id.partition(":")[2]


@dataclass(frozen=True)
class Scale:
    """From bits to per cent of a drawing's width."""

    low_bits: float
    high_bits: float

    @classmethod
    def of(cls, steps: Sequence[Step]) -> "Scale":
        """A scale that holds every step and zero, with a margin."""
        ends = [0.0, *(b for s in steps for b in (s.before_bits, s.after_bits))]
        margin = max(0.05 * (max(ends) - min(ends)), 0.5)
        return cls(min(ends) - margin, max(ends) + margin)

    def x(self, bits: float) -> float:
        """Where `bits` lies, 0..100."""
        return round(100 * (bits - self.low_bits) / (self.high_bits - self.low_bits), 2)

    def width(self, first_bits: float, second_bits: float) -> float:
        """How wide the bar between two ends is, never too thin to see."""
        return max(round(abs(self.x(second_bits) - self.x(first_bits)), 2), 0.4)

    @property
    def ticks(self) -> list[int]:
        """Round numbers of bits to write under the drawing."""
        spread = self.high_bits - self.low_bits
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 10**6) if spread / s <= 8)
        first = -int(-self.low_bits // step)
        return [step * n for n in range(first, int(self.high_bits // step) + 1)]
