"""PGP key: the same OpenPGP key, and whether it was proved, shown or only quoted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Highlight, Level, Outcome, Shown
from features.handles.folding import fold
from features.keys.displays import Displays, named_accounts, read_displays
from features.keys.sentences import Side, missing, sentence
from features.keys.shows import read_shows
from features.keys.signatures import NAMED, NAMED_WITH_MARKET, read_signatures
from features.neighbours import pairs_sharing
from features.pairs import Pairs

SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
FEW = 3
"""A key without owner that more accounts show than this is public."""
LARGEST_BLOCK = 50
"""A key that more accounts show than this brings nobody together."""

PROVED, SIGNED, SUBKEY, SHOWN, UNOWNED, MANY, QUOTED, DIFFERENT = range(1, 9)

BEST = pl.Schema(
    {
        "pair": pl.UInt32,
        "level": pl.Int8,
        "left_key": pl.UInt32,
        "right_key": pl.UInt32,
        "showers": pl.Int32,
    }
)
"""The best level of a pair, its keys (one and the same unless they share a subkey or nothing), and
how many accounts show what they share."""


@dataclass(frozen=True)
class KeySurvey:
    """All keys of the corpus, who displays them, whose name they bear, who signed with them.

    Attributes:
        displays: the keys, sorted by fingerprint, and where they are displayed.
        showers: int32 (keys,); accounts that display the key or signed with it.
        named: (account, key), see `named_accounts`.
        signatures: (account, key, grade, text), see `read_signatures`.
    """

    displays: Displays
    showers: NDArray[np.int32]
    named: pl.DataFrame
    signatures: pl.DataFrame


@dataclass(frozen=True)
class KeyTraits:
    """What each account does with which key.

    Attributes:
        handles: n strings, folded; null where masked.
        shows: `shows.SHOWS`, sorted by (account, key), with the fingerprint, and for the two
            texts their source_id, place and row_id, those of the signed one as `signed_…`.
        subkeys: account, key, subkey, subkey_showers: the numbered subkeys of the keys that each
            account shows as its own, and how many accounts show them.
    """

    handles: pl.Series
    shows: pl.DataFrame
    subkeys: pl.DataFrame

    def of(self, accounts: Sequence[int]) -> "KeyTraits":
        """What these accounts do, among all."""
        theirs = pl.col("account").is_in(accounts)
        return KeyTraits(self.handles, self.shows.filter(theirs), self.subkeys.filter(theirs))


class PgpKey(Feature[KeySurvey, KeyTraits]):
    """Do the accounts use the same OpenPGP key?

    Blind spot: a public key can be displayed by anybody, and a user id claimed by anybody; only a
    signature proves possession, and only of the account that its text names. Somebody who signs
    for others, or a stolen secret key, joins strangers; a key rotated without a signature hides one
    hand.
    """

    name = "pgp_key"
    family = "key"
    levels = (
        Level(
            "same_key_proved",
            "both published a message, validly signed by one key, that names the account itself; "
            "under one handle on two markets it names the market as well",
            "infeasible",
            binds="both",
        ),
        Level(
            "one_signed_one_shows",
            "one published a valid signature that names it, the other shows that key",
            "free",
        ),
        Level("shared_subkey", "two keys of theirs have one subkey", "free"),
        Level(
            "same_key_shown",
            "both show one key as their own, and it bears the handle of one or one signed with it",
            "free",
        ),
        Level("same_key_unowned", "both show one key, which nothing ties to either", "free"),
        Level("same_key_many", f"both show a key that more than {FEW} accounts show", "free"),
        Level("same_key_quoted", "both show one key, one of them as somebody else's", "free"),
        Level(
            "different_keys",
            "both show keys as their own, none in common",
            "free",
            "none",
            "against",
        ),
    )

    @override
    def survey(self, corpus: Corpus) -> KeySurvey:
        displays = read_displays(corpus)
        signatures = read_signatures(corpus, displays)
        parts = [frame.select("account", "key") for frame in (displays.rows, signatures)]
        keys = pl.concat(parts).unique()["key"].to_numpy()
        showers = np.bincount(keys, minlength=len(displays.keys)).astype(np.int32)
        named = named_accounts(displays, corpus.accounts)
        return KeySurvey(displays, showers, named, signatures)

    @override
    def read(self, corpus: Corpus, survey: KeySurvey) -> KeyTraits:
        shows = read_shows(corpus, survey.displays, survey.named, survey.signatures)
        places = corpus.texts.select(
            "source_id", "place", "row_id", text=pl.int_range(pl.len(), dtype=pl.UInt32)
        )
        signed = places.rename(lambda column: f"signed_{column}")
        cited = shows.join(places, on="text", how="left", maintain_order="left").join(
            signed, on="signed_text", how="left", maintain_order="left"
        )
        fingerprints = pl.Series([key.fingerprint for key in survey.displays.keys], dtype=pl.String)
        shown = cited.drop("text", "signed_text").with_columns(
            fingerprint=fingerprints.gather(cited["key"])
        )
        return KeyTraits(fold(corpus.accounts["handle"]), shown, _subkeys(shown, survey))

    @override
    def meet(self, traits: KeyTraits, survey: KeySurvey) -> Pairs:
        primary = traits.shows.select("account", value=pl.col("key").cast(pl.UInt64))
        subkeys = traits.subkeys.select(
            "account", value=pl.col("subkey").cast(pl.UInt64) + len(survey.displays.keys)
        )
        both = pl.concat([primary, subkeys])
        rows = both["account"].to_numpy().astype(np.intp)
        return pairs_sharing(both["value"].to_numpy(), rows, LARGEST_BLOCK)

    @override
    def compare(self, traits: KeyTraits, survey: KeySurvey, pairs: Pairs) -> Outcome:
        outcome = Outcome.nothing(len(pairs))
        found = _best(traits, survey, pairs)
        at = found["pair"].to_numpy()
        outcome.level[at] = found["level"].to_numpy()
        outcome.count[at] = found["showers"].to_numpy()
        return outcome

    @override
    def explain(self, traits: KeyTraits, survey: KeySurvey, pair: tuple[int, int]) -> Finding:
        traits = traits.of(pair)
        shows = [traits.shows.filter(pl.col("account") == account) for account in pair]
        none = Finding(None, missing(shows[0].height, shows[1].height))
        if shows[0].is_empty() or shows[1].is_empty():
            return none
        best = _best(traits, survey, Pairs.of([pair[0]], [pair[1]]))
        if best.is_empty():
            return none
        found = best.row(0, named=True)
        sides = [
            Side(name, rows.row(by_predicate=pl.col("key") == found[f"{name}_key"], named=True))
            for name, rows in zip(SIDES, shows, strict=True)
        ]
        level = self.levels[found["level"] - 1].name
        return Finding(
            level,
            sentence(level, sides[0], sides[1], found["showers"]),
            tuple(Highlight(side.name, side.fingerprint) for side in sides),
            tuple(dict.fromkeys(cited for side in sides for cited in side.citations())),
        )

    @override
    def without(self, traits: KeyTraits, survey: KeySurvey, values: Collection[str]) -> KeyTraits:
        gone = [n for n, key in enumerate(survey.displays.keys) if key.fingerprint in values]
        kept = ~pl.col("key").is_in(gone)
        return KeyTraits(traits.handles, traits.shows.filter(kept), traits.subkeys.filter(kept))

    @override
    def shown(self, traits: KeyTraits) -> Shown | None:
        rows = traits.shows.filter(pl.col("displays") | (pl.col("grade") > 0))
        return Shown(
            "key",
            rows["account"].to_numpy(),
            rows["fingerprint"].to_list(),
            (rows["grade"] >= NAMED).to_numpy(),
        )


def _subkeys(shows: pl.DataFrame, survey: KeySurvey) -> pl.DataFrame:
    """`KeyTraits.subkeys`."""
    numbered = survey.displays.subkeys.with_columns(subkey=pl.col("subkey").rank("dense"))
    return (
        shows.filter(~pl.col("quoting"))
        .select("account", "key")
        .join(numbered, on="key")
        .with_columns(subkey_showers=pl.col("account").n_unique().over("subkey"))
    )


def _best(traits: KeyTraits, survey: KeySurvey, pairs: Pairs) -> pl.DataFrame:
    """The columns `BEST`: one row for each pair that has something to compare, sorted."""
    has_key = np.zeros(len(traits.handles), np.bool_)
    has_key[traits.shows["account"].to_numpy()] = True
    at = np.flatnonzero(has_key[pairs.left] & has_key[pairs.right])
    frame = pl.DataFrame({"pair": at, "left": pairs.left[at], "right": pairs.right[at]})
    parts = [
        _sharing_a_key(frame, traits, survey),
        _sharing_a_subkey(frame, traits),
        _different(frame, traits),
    ]
    found = pl.concat([part.select(BEST.names()).cast(BEST) for part in parts])
    order = ["pair", "level", "left_key", "right_key"]
    return found.sort(order).unique("pair", keep="first", maintain_order=True)


def _sharing_a_key(frame: pl.DataFrame, traits: KeyTraits, survey: KeySurvey) -> pl.DataFrame:
    handles = traits.handles.gather(traits.shows["account"]).fill_null("")
    rows = traits.shows.select("account", "key", "owner", "quoting", "grade").with_columns(
        handle=handles
    )
    both = frame.join(rows, left_on="left", right_on="account").join(
        rows, left_on=["right", "key"], right_on=["account", "key"], suffix="_right"
    )
    showers = pl.Series(survey.showers).gather(both["key"])
    return both.with_columns(showers=showers, left_key="key", right_key="key").with_columns(
        level=_level_of_shared_key()
    )


def _level_of_shared_key() -> pl.Expr:
    lower = pl.min_horizontal("grade", "grade_right")
    several = pl.col("handle") != pl.col("handle_right")
    return (
        pl.when((lower == NAMED_WITH_MARKET) | ((lower == NAMED) & several))
        .then(PROVED)
        .when(pl.col("quoting") | pl.col("quoting_right"))
        .then(QUOTED)
        .when(pl.max_horizontal("grade", "grade_right") >= NAMED)
        .then(SIGNED)
        .when(pl.col("owner") | pl.col("owner_right"))
        .then(SHOWN)
        .when(pl.col("showers") > FEW)
        .then(MANY)
        .otherwise(UNOWNED)
    )


def _sharing_a_subkey(frame: pl.DataFrame, traits: KeyTraits) -> pl.DataFrame:
    rows = traits.subkeys
    both = frame.join(rows, left_on="left", right_on="account").join(
        rows, left_on=["right", "subkey"], right_on=["account", "subkey"], suffix="_right"
    )
    return both.filter(pl.col("key") != pl.col("key_right")).with_columns(
        level=pl.lit(SUBKEY), left_key="key", right_key="key_right", showers="subkey_showers"
    )


def _different(frame: pl.DataFrame, traits: KeyTraits) -> pl.DataFrame:
    """Every pair whose two sides show keys as their own; better levels of the pair go before."""
    rows = traits.shows.filter(~pl.col("quoting")).unique("account", keep="first")
    own = np.full(len(traits.handles), -1, np.int64)
    own[rows["account"].to_numpy()] = rows["key"].to_numpy()
    sides = {f"{side}_key": own[frame[side].to_numpy()] for side in SIDES}
    both = frame.with_columns(**{name: pl.Series(key) for name, key in sides.items()}).filter(
        (pl.col("left_key") >= 0) & (pl.col("right_key") >= 0)
    )
    return both.with_columns(level=pl.lit(DIFFERENT), showers=pl.lit(0))
