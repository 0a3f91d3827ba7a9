"""Hands: the invented persons, and the habits that they take along from account to account."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

MISSPELLINGS = {
    "receive": "recieve",
    "definitely": "definately",
    "because": "becuase",
    "their": "thier",
    "really": "realy",
    "until": "untill",
    "address": "adress",
    "believe": "beleive",
    "usually": "usualy",
    "always": "allways",
    "business": "buisness",
    "tomorrow": "tommorow",
    "quality": "quallity",
    "pictures": "picures",
    "support": "suport",
    "website": "web site",
    "happened": "happend",
    "excellent": "excelent",
    "which": "wich",
    "everybody": "every body",
    "received": "recieved",
    "communication": "comunication",
    "customers": "costumers",
    "through": "thru",
    "weird": "wierd",
    "friends": "freinds",
    "probably": "probaly",
    "though": "tho",
    "would": "woud",
    "people": "peopel",
    "something": "somthing",
    "arrived": "arived",
    "different": "diffrent",
    "envelope": "envelop",
    "package": "packege",
    "with": "whit",
    "the": "teh",
}
SHORTHAND = {
    "you": "u",
    "your": "ur",
    "are": "r",
    "and": "&",
    "for": "4",
    "to": "2",
    "please": "plz",
    "people": "ppl",
    "because": "bc",
    "with": "w/",
    "about": "abt",
    "thanks": "thx",
    "be": "b",
    "before": "b4",
    "going": "goin",
    "what": "wat",
    "nothing": "nuthin",
    "something": "smth",
    "them": "em",
    "the": "da",
    "my": "me",
    "this": "dis",
    "orders": "ords",
    "that": "dat",
}
CONTRACTIONS = {
    "dont": ("don't", "dont", "do not", "don`t"),
    "wont": ("won't", "wont", "will not", "won`t"),
    "cant": ("can't", "cant", "cannot", "can`t"),
    "thats": ("that's", "thats", "that is", "that`s"),
    "it is": ("it's", "its", "it is"),
}
STOPS = (".", ".", ".", "!", "..", "...", " .", ";", "!!", " -", ",", "", " ...", ".-", " !")
COMMAS = (", ", ", ", " , ", ",", " ", "... ", " - ", "; ", " -- ", " / ")
GAPS = (" ", " ", " ", "  ", "\n", "\n\n", "   ", "\n \n", " \n")
EMOTICONS = ("", "", "", ":)", ":-)", ";)", "=)", ":D", ":P", "(:", "xD", "^^", ":-D", ":/", "<3")
UNITS = ("{n}g", "{n} g", "{n} grams", "{n}gr", "{n} Gr.", "{n}G", "{n}-gram", "{n}gm", "{n} GRAM")
PRICES = ("${n}", "{n} usd", "{n} USD", "{n}$", "US${n}", "{n} dollars", "$ {n}", "{n}.00 $")
CASES = (*["as it comes"] * 5, *["lower"] * 3, *["lower i"] * 3, "shouting now and then", "title")
FRAMES = ("{}", "{}", "*** {} ***", "[{}]", "~{}~", "{} !!", ">> {}", "| {} |", "== {} ==", "{}.")
TITLE_CASES = ("as it comes", "title", "upper", "lower")


@dataclass(frozen=True)
class Habits:
    """What a hand does to every text, whatever it is about; shares are 0..1."""

    words: dict[str, str]
    """Words it writes in its own way: misspelt, shortened, contracted."""
    stop: str
    other_stop: str
    other_stop_share: float
    comma: str
    gap: str
    paragraph_share: float
    case: str
    join_share: float
    """How often two sentences are joined into one."""
    opener_share: float
    tail_share: float
    emoticon: str
    emoticon_share: float
    greeting_share: float
    sign_off_share: float
    signature: str
    sentences: float
    """Mean number of sentences in a post."""
    unit: str
    price: str
    title_frame: str
    title_case: str


@dataclass(frozen=True)
class Hand:
    """A person: habits, a taste in words, and the goods that move along."""

    number: int
    habits: Habits
    products: tuple[str, ...]
    origin: str
    destinations: str
    price_level: float


PRODUCTS = tuple(
    f"{kind} {name}"
    for kind in ("Green Label", "Blue Mountain", "Old Harbour", "Silver Leaf", "Red Kite", "Nr 7")
    for name in ("Tea Blend", "Sea Salt", "Heirloom Seeds", "Cacao Nibs", "Wild Honey", "Soap Bar")
) + tuple(
    f"{kind} {name}"
    for kind in ("Replica", "Vintage", "Handmade", "Mini", "Deluxe")
    for name in ("Watch", "Compass", "Sticker Set", "Vitamin Box", "Chess Clock", "Music Box")
)
ORIGINS = ("Netherlands", "Germany", "United Kingdom", "France", "Spain", "Canada", "Australia")
DESTINATIONS = ("Worldwide", "Europe", "Worldwide except AU", "Domestic only", "EU and US")


def one_of(rng: Generator, choices: tuple[str, ...]) -> str:
    """One of the choices, all alike."""
    return choices[int(rng.integers(len(choices)))]


def some_of(rng: Generator, choices: tuple[str, ...], count: int) -> tuple[str, ...]:
    """So many different ones, in the order drawn."""
    picked = rng.permutation(len(choices))[:count]
    return tuple(choices[int(i)] for i in picked)


def _own_words(rng: Generator) -> dict[str, str]:
    words = {plain: one_of(rng, forms) for plain, forms in CONTRACTIONS.items() if " " not in plain}
    for table, most in ((MISSPELLINGS, 12), (SHORTHAND, 9)):
        if rng.random() < 0.5:
            chosen = some_of(rng, tuple(table), int(rng.integers(2, most)))
            words |= {word: table[word] for word in chosen}
    return words


def _share(rng: Generator, most: float) -> float:
    return float(most * rng.beta(0.6, 1.4))


def _habits(rng: Generator) -> Habits:
    return Habits(
        words=_own_words(rng),
        stop=one_of(rng, STOPS),
        other_stop=one_of(rng, STOPS),
        other_stop_share=_share(rng, 0.5),
        comma=one_of(rng, COMMAS),
        gap=one_of(rng, GAPS),
        paragraph_share=_share(rng, 0.4),
        case=one_of(rng, CASES),
        join_share=_share(rng, 0.8),
        opener_share=_share(rng, 0.6),
        tail_share=_share(rng, 0.5),
        emoticon=one_of(rng, EMOTICONS),
        emoticon_share=_share(rng, 0.6),
        greeting_share=_share(rng, 0.9),
        sign_off_share=_share(rng, 0.9),
        signature=one_of(
            rng, ("", "", "- the team", "~", "xx", "//", "--", "your crew", "S.", "R")
        ),
        sentences=float(rng.uniform(2.5, 7)),
        unit=one_of(rng, UNITS),
        price=one_of(rng, PRICES),
        title_frame=one_of(rng, FRAMES),
        title_case=one_of(rng, TITLE_CASES),
    )


def hand(seed: int, number: int) -> Hand:
    """The hand of that number in the world of that seed."""
    rng = np.random.default_rng([seed, 1, number])
    return Hand(
        number=number,
        habits=_habits(rng),
        products=some_of(rng, PRODUCTS, int(rng.integers(3, 9))),
        origin=one_of(rng, ORIGINS),
        destinations=one_of(rng, DESTINATIONS),
        price_level=float(rng.lognormal(0, 0.4)),
    )
