"""PGP key: the same OpenPGP key, and whether it was proved, shown as one's own or only quoted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Feature, Finding, Highlight, Level, Outcome, Shown
from features.handles.folding import fold
from features.keys.certifying import read_certifications
from features.keys.deeds import read_deeds
from features.keys.displays import Displays, read_displays
from features.keys.judging import FEW, Judge
from features.keys.messages import Message, read_messages
from features.keys.names import named_accounts
from features.keys.ownership import read_owners
from features.keys.sentences import Side, missing, sentence
from features.keys.shows import read_shows
from features.keys.signatures import NAMED, graded
from features.keys.ties import read_ties
from features.keys.voices import read_voices
from features.keys.vouching import VOUCHES, read_calls, read_vouches
from features.neighbours import pairs_sharing
from features.pairs import Pairs

SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
LARGEST_BLOCK = 50
"""A key brings only the first so many together who show it, and those who signed with it as theirs:
no crowd hides what a signature proves."""


@dataclass(frozen=True)
class KeySurvey:
    """All keys of the corpus, who shows them and how, whose name they bear, who owns them.

    Attributes:
        displays: the keys, sorted by fingerprint, and where they are displayed.
        showers: int32 (keys,); accounts that display the key or signed with it.
        named: (account, key, named), see `named_accounts`.
        voices: `voices.VOICES`.
        messages: the signed messages that verify.
        deeds: `deeds.DEEDS`.
        owners: `ownership.OWNERS`.
    """

    displays: Displays
    showers: NDArray[np.int32]
    named: pl.DataFrame
    voices: pl.DataFrame
    messages: tuple[Message, ...]
    deeds: pl.DataFrame
    owners: pl.DataFrame


@dataclass(frozen=True)
class KeyTraits:
    """What each account does with which key, and what that ties it by.

    Attributes:
        account_count: n.
        shows: `shows.SHOWS`, sorted by (account, key), with the fingerprint, the folded handle
            (empty where masked), how many accounts show the key (`showers`), and for the two texts
            their source_id, place and row_id, those of the signed one as `signed_…`.
        ties: `ties.TIES`; `row` is a row of `shows`.
    """

    account_count: int
    shows: pl.DataFrame
    ties: pl.DataFrame

    @cached_property
    def judge(self) -> Judge:
        """What finds the best level of pairs."""
        return Judge(self.account_count, self.shows, self.ties)


class PgpKey(Feature[KeySurvey, KeyTraits]):
    """Do the accounts use the same OpenPGP key?

    Blind spot: a public key can be displayed by anybody, and a user id claimed by anybody; only a
    signature proves possession, and only of the account that its text names. Whose key somebody
    shows is told from names and words, and who lies well is believed, up to a lead. Somebody who
    signs for others, or a stolen secret key, joins strangers; a key rotated without a signature
    hides one hand.
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
            "rotation_proved",
            "each of two keys signed that the other is its owner's too, and each account published "
            "a message, signed by its own of the two, that names it",
            "infeasible",
            binds="both",
        ),
        Level(
            "one_signed_for_both",
            "one published a valid signature that names it, and that key signed a message that "
            "names the other, with its market, which shows the key as its own",
            "infeasible",
            binds="one",
        ),
        Level(
            "rotation_signed",
            "the old key signed for the new one, in time or with its consent, and signatures bind "
            "both accounts to their keys",
            "infeasible",
            binds="one",
        ),
        Level(
            "one_signed_one_shows",
            "one published a valid signature that names it, the other shows that key as its own",
            "free",
        ),
        Level(
            "same_key_owned",
            "both show one key as their own: by its name, in words, or on their profile",
            "free",
        ),
        Level("rotation_shown", "one's key signed for the key that the other shows", "free"),
        Level("shared_subkey", "two keys of theirs have one subkey", "free"),
        Level(
            "one_signed_one_posts",
            "one published a valid signature that names it, the other shows that key, "
            "saying nothing",
            "free",
        ),
        Level(
            "same_key_shown",
            "both show one key, one of them as its own, the other saying nothing",
            "free",
        ),
        Level(
            "same_key_owned_by_several",
            f"both show a key as their own that more than {FEW} accounts show like that",
            "free",
        ),
        Level("same_email", "self-signed user ids of their keys have one rare address", "free"),
        Level(
            "different_keys_signed",
            "each published a message that names it, signed by another key",
            "free",
            "none",
            "against",
        ),
        Level("same_key_unowned", "both show one key, which nothing ties to either", "free"),
        Level("same_key_many", "both show a key that many accounts show", "free"),
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
        voices = read_voices(corpus, displays)
        messages = read_messages(corpus, displays)
        named = named_accounts(displays, corpus.accounts)
        deeds = read_deeds(corpus, voices, named, graded(corpus, messages))
        showers = np.bincount(deeds["key"].to_numpy(), minlength=len(displays.keys))
        owners = read_owners(corpus, deeds, named, voices)
        return KeySurvey(displays, showers.astype(np.int32), named, voices, messages, deeds, owners)

    @override
    def read(self, corpus: Corpus, survey: KeySurvey) -> KeyTraits:
        shows = read_shows(corpus, survey.deeds, survey.owners, survey.named)
        showers = pl.Series(survey.showers).gather(shows["key"])
        fingerprints = pl.Series([key.fingerprint for key in survey.displays.keys], dtype=pl.String)
        cited = _cited(corpus, shows).with_columns(
            fingerprint=fingerprints.gather(shows["key"]),
            showers=showers,
            handle=fold(corpus.accounts["handle"]).fill_null("").gather(shows["account"]),
        )
        said = read_vouches(corpus, survey.displays, survey.messages)
        certified = read_certifications(corpus, survey.displays)
        vouches = pl.concat([said, certified]).unique().sort(VOUCHES.names())
        showing = cited.filter(~pl.col("quoting")).select("account", "key")
        taking = showing.join(vouches.select("by", key="of"), on="key")
        asked = pl.concat([showing, taking.select("account", key="by")])
        calls = read_calls(corpus, survey.messages, asked)
        ties = read_ties(cited, survey.displays, calls, vouches)
        return KeyTraits(corpus.account_count, cited, ties)

    @override
    def meet(self, traits: KeyTraits, survey: KeySurvey) -> Pairs:
        rows = traits.shows.select("quoting", "rank", "grade").with_row_index("row")
        is_first = (pl.col("rank") <= LARGEST_BLOCK) | (pl.col("grade") >= NAMED)
        met = traits.ties.join(rows, on="row").filter(~pl.col("quoting") & is_first)
        ties, accounts = met["tie"].to_numpy(), met["account"].to_numpy()
        return pairs_sharing(ties.astype(np.uint64), accounts.astype(np.intp), LARGEST_BLOCK)

    @override
    def compare(self, traits: KeyTraits, survey: KeySurvey, pairs: Pairs) -> Outcome:
        outcome = Outcome.nothing(len(pairs))
        best = traits.judge.best(pairs)
        outcome.level[best.pair] = best.level
        outcome.count[best.pair] = best.showers
        return outcome

    @override
    def explain(self, traits: KeyTraits, survey: KeySurvey, pair: tuple[int, int]) -> Finding:
        best = traits.judge.best(Pairs.of([pair[0]], [pair[1]]))
        if not len(best.pair):
            return Finding(None, missing(*(traits.judge.shown_count(side) for side in pair)))
        rows = (best.left_row[0], best.right_row[0])
        left, right = (
            Side(name, traits.shows.row(int(row), named=True))
            for name, row in zip(SIDES, rows, strict=True)
        )
        level = self.levels[best.level[0] - 1].name
        return Finding(
            level,
            sentence(level, left, right, int(best.showers[0])),
            tuple(Highlight(side.name, side.fingerprint) for side in (left, right)),
            tuple(dict.fromkeys(cited for side in (left, right) for cited in side.citations())),
        )

    @override
    def without(self, traits: KeyTraits, survey: KeySurvey, values: Collection[str]) -> KeyTraits:
        kept = ~traits.shows["fingerprint"].is_in(list(values))
        places = kept.cum_sum().cast(pl.UInt32) - 1
        ties = traits.ties.filter(kept.gather(traits.ties["row"]))
        moved = ties.with_columns(row=places.gather(ties["row"]))
        return replace(traits, shows=traits.shows.filter(kept), ties=moved)

    @override
    def shown(self, traits: KeyTraits) -> Shown | None:
        rows = traits.shows.filter(pl.col("displays") | (pl.col("grade") > 0))
        return Shown(
            "key",
            rows["account"].to_numpy(),
            rows["fingerprint"].to_list(),
            (rows["grade"] >= NAMED).to_numpy(),
            rows["first_at"],
        )


def _cited(corpus: Corpus, shows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the places of their two texts instead of their numbers."""
    places = corpus.texts.select(
        "source_id", "place", "row_id", text=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    signed = places.rename(lambda column: f"signed_{column}")
    return (
        shows.join(places, on="text", how="left", maintain_order="left")
        .join(signed, on="signed_text", how="left", maintain_order="left")
        .drop("text", "signed_text")
    )
