"""Photo: one picture shown by two accounts, however it was shrunk or saved again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import imagehash
import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Blobs, Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome, Shown
from features.neighbours import near_hashes
from features.pairs import Pairs
from features.photos.decode import decode_pictures
from features.photos.hashes import PhotoHashes, hexadecimal

RADIUS = 8
"""Bits of 64 in which two hashes of one picture may differ."""
RARE, FEW, COMMON = 1, 2, 3
RARE_SHOWERS, FEW_SHOWERS = 2, 5
MOST_SHOWERS = 30
"""A picture that more accounts show says nothing and brings nobody together."""

BATCH = 10_000
"""Pictures decoded before they are hashed: bounds the memory."""
PICTURES = pl.Schema({"blob": pl.String, "bits": pl.UInt64, "reason": pl.String})


@dataclass(frozen=True)
class PhotoSurvey:
    """Every picture hashed, and who shows the like of it.

    Attributes:
        pictures: `blob`, `hash` (place in `hashes`; null where unreadable or of one colour),
            `reason` (why it could not be read, else null).
        hashes: uint64 (h,), sorted and distinct.
        near: `own`, `other` (places in `hashes`), `distance` in bits; both ways, and itself.
        showers: row i is hash i: `showers` (accounts that show it or one near it),
            `first_account` and `first_at` (null where the order is unknown), `leader` (the hash
            among them that most accounts show).
    """

    pictures: pl.DataFrame
    hashes: NDArray[np.uint64]
    near: pl.DataFrame
    showers: pl.DataFrame


@dataclass(frozen=True)
class PhotoTraits:
    """Who shows which picture.

    Attributes:
        shows: `account`, `hash` and the first photo row: `path`, `source_id`, `place`, `row_id`,
            `seen_at`; `value`: the leader's hash in hex; sorted by account and hash.
        unreadable: `account`, `blob`, `path`, `place`, `reason` of photos without a hash.
        meetings: accounts that show one picture: `left`, `right` (sorted); of the picture that
            fewest show: `left_hash`, `right_hash`, `distance`, `showers`; `pictures`: how many.
    """

    shows: pl.DataFrame
    unreadable: pl.DataFrame
    meetings: pl.DataFrame


class Photo(Feature[PhotoSurvey, PhotoTraits]):
    """Do the accounts show the same picture?

    Blind spot: a picture is copied in a minute: from the first vendor by an impostor, from the
    maker's site by everybody. A crop, a turn or a mirror image is another picture to the hash.
    """

    name = "photo"
    family = "photo"
    levels = (
        Level("same_photo_rare", "one picture that no other account shows", "free"),
        Level("same_photo_few", "one picture that three to five accounts show", "free"),
        Level("same_photo_common", "one picture that more accounts show: a stock photo", "free"),
    )

    @override
    def survey(self, corpus: Corpus) -> PhotoSurvey:
        pictures, hashes = _hashed(corpus)
        near = _both_ways(hashes)
        return PhotoSurvey(pictures, hashes, near, _showers(_shows(corpus, pictures), near))

    @override
    def read(self, corpus: Corpus, survey: PhotoSurvey) -> PhotoTraits:
        shows = _shows(corpus, survey.pictures)
        like = hexadecimal(survey.hashes[survey.showers["leader"].to_numpy()])
        value = pl.Series("value", like, pl.String).gather(shows["hash"])
        unreadable = (
            corpus.photos.join(survey.pictures, on="blob", maintain_order="left")
            .drop_nulls("reason")
            .select("account", "blob", "path", "place", "reason")
        )
        return PhotoTraits(shows.with_columns(value), unreadable, _meetings(shows, survey))

    @override
    def meet(self, traits: PhotoTraits, survey: PhotoSurvey) -> Pairs:
        del survey
        return Pairs.of(traits.meetings["left"].to_numpy(), traits.meetings["right"].to_numpy())

    @override
    def compare(self, traits: PhotoTraits, survey: PhotoSurvey, pairs: Pairs) -> Outcome:
        outcome = Outcome.nothing(len(pairs))
        met = self.meet(traits, survey).keys
        _, at, row = np.intersect1d(pairs.keys, met, assume_unique=True, return_indices=True)
        showers = traits.meetings["showers"].to_numpy()[row]
        outcome.level[at] = np.select(
            [showers <= RARE_SHOWERS, showers <= FEW_SHOWERS], [RARE, FEW], COMMON
        )
        outcome.value[at] = traits.meetings["distance"].to_numpy()[row]
        outcome.count[at] = showers
        return outcome

    @override
    def explain(self, traits: PhotoTraits, survey: PhotoSurvey, pair: tuple[int, int]) -> Finding:
        outcome = self.compare(traits, survey, Pairs.of([pair[0]], [pair[1]]))
        if outcome.level[0] == 0:
            return Finding(None, _missing(traits, pair))
        meeting = traits.meetings.row(
            by_predicate=(pl.col("left") == pair[0]) & (pl.col("right") == pair[1]), named=True
        )
        left = _showing(traits, pair[0], meeting["left_hash"])
        right = _showing(traits, pair[1], meeting["right_hash"])
        return Finding(
            self.levels[outcome.level[0] - 1].name,
            _sentence(survey, meeting, left, right),
            (Highlight("left", _called(left)), Highlight("right", _called(right))),
            tuple(Citation(s["source_id"], s["place"], s["row_id"]) for s in (left, right)),
        )

    @override
    def without(
        self, traits: PhotoTraits, survey: PhotoSurvey, values: Collection[str]
    ) -> PhotoTraits:
        public = np.array([int(value, 16) for value in values], np.uint64)
        distances = np.bitwise_count(survey.hashes[:, None] ^ public)
        near = np.flatnonzero((distances <= RADIUS).any(axis=1))
        shows = traits.shows.filter(~pl.col("hash").is_in(near))
        return replace(traits, shows=shows, meetings=_meetings(shows, survey))

    @override
    def shown(self, traits: PhotoTraits) -> Shown:
        values = traits.shows.select("account", "value").unique(maintain_order=True)
        return Shown(
            "photo",
            values["account"].to_numpy(),
            values["value"].to_list(),
            np.zeros(values.height, np.bool_),
        )


def _hashed(corpus: Corpus) -> tuple[pl.DataFrame, NDArray[np.uint64]]:
    """`PhotoSurvey.pictures` and the distinct hashes."""
    blobs = corpus.photos["blob"].drop_nulls().unique().sort()
    batches = [blobs[first : first + BATCH] for first in range(0, len(blobs), BATCH)]
    frames = [
        pl.DataFrame(schema=PICTURES),
        *(_hashed_batch(corpus.blobs, batch) for batch in batches),
    ]
    pictures = pl.concat(frames)
    hashes = np.unique(pictures["bits"].drop_nulls().to_numpy())
    places = pl.DataFrame({"bits": hashes}).with_row_index("hash")
    return (
        pictures.join(places, on="bits", how="left", maintain_order="left").select(
            "blob", "hash", "reason"
        ),
        hashes,
    )


def _hashed_batch(stored: Blobs, blobs: pl.Series) -> pl.DataFrame:
    decoded = decode_pictures(stored, blobs.to_list())
    hashed = PhotoHashes.of(decoded.pixels)
    frame = pl.DataFrame(
        {"blob": blobs, "bits": hashed.bits, "reason": decoded.reason}, schema=PICTURES
    )
    told = pl.col("reason").is_null() & ~pl.Series(hashed.flat)
    return frame.with_columns(pl.when(told).then("bits"))


def _both_ways(hashes: NDArray[np.uint64]) -> pl.DataFrame:
    found = near_hashes(hashes, RADIUS)
    itself = np.arange(len(hashes))
    return pl.DataFrame(
        {
            "own": np.concatenate([found.low, found.high, itself]).astype(np.uint32),
            "other": np.concatenate([found.high, found.low, itself]).astype(np.uint32),
            "distance": np.concatenate([found.distance, found.distance, itself * 0]).astype("u1"),
        }
    ).sort("own", "other")


def _shows(corpus: Corpus, pictures: pl.DataFrame) -> pl.DataFrame:
    columns = ("account", "hash", "path", "source_id", "place", "row_id", "seen_at")
    return (
        corpus.photos.join(pictures, on="blob", maintain_order="left")
        .drop_nulls("hash")
        .unique(["account", "hash"], keep="first", maintain_order=True)
        .sort("account", "hash")
        .select(columns)
    )


def _showers(shows: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """By hash: how many accounts show it or the like, who did first, and the like most shown."""
    seen, first = pl.col("seen_at"), pl.col("seen_at").min()
    known = seen.is_not_null().all() & ((seen == first).sum() == 1)
    showers = (
        near.join(shows, left_on="other", right_on="hash")
        .group_by("own", "account")
        .agg(seen.min())
        .group_by("own")
        .agg(
            showers=pl.len().cast(pl.Int32),
            first_account=pl.when(known).then(pl.col("account").sort_by("seen_at").first()),
            first_at=pl.when(known).then(first),
        )
    )
    leaders = (
        near.join(showers.select(other="own", showers="showers"), on="other")
        .sort(["own", "showers", "other"], descending=[False, True, False])
        .unique("own", keep="first")
        .select("own", leader="other")
    )
    return showers.join(leaders, on="own").sort("own")


def _meetings(shows: pl.DataFrame, survey: PhotoSurvey) -> pl.DataFrame:
    showers = survey.showers.filter(pl.col("showers") <= MOST_SHOWERS)
    shown = shows.join(showers, left_on="hash", right_on="own").select("account", "hash", "showers")
    here = shown.rename({"account": "left", "hash": "own", "showers": "left_showers"})
    there = shown.rename({"account": "right", "hash": "other", "showers": "right_showers"})
    return (
        here.join(survey.near, on="own")
        .join(there, on="other")
        .filter(pl.col("left") < pl.col("right"))
        .select(
            "left",
            "right",
            left_hash="own",
            right_hash="other",
            distance="distance",
            showers=pl.max_horizontal("left_showers", "right_showers"),
        )
        .sort("left", "right", "showers", "distance", "left_hash", "right_hash")
        .with_columns(pictures=pl.col("left_hash").n_unique().over("left", "right"))
        .unique(["left", "right"], keep="first", maintain_order=True)
    )


def _showing(traits: PhotoTraits, account: int, picture: int) -> Mapping[str, Any]:
    chosen = (pl.col("account") == account) & (pl.col("hash") == picture)
    return traits.shows.row(by_predicate=chosen, named=True)


def _called(showing: Mapping[str, Any]) -> str:
    return showing["path"] or f"picture {showing['value']}"


def _sentence(
    survey: PhotoSurvey,
    meeting: Mapping[str, Any],
    left: Mapping[str, Any],
    right: Mapping[str, Any],
) -> str:
    own, other = (
        imagehash.hex_to_hash(hexadecimal(survey.hashes[[meeting[side]]])[0])
        for side in ("left_hash", "right_hash")
    )
    many = f", the rarest of {meeting['pictures']}" if meeting["pictures"] > 1 else ""
    return (
        f"both show one picture{many} ({_called(left)} and {_called(right)}, "
        f"{own - other} of 64 bits differ); {meeting['showers']} accounts show it, "
        f"{_first(survey, meeting)}"
    )


def _first(survey: PhotoSurvey, meeting: Mapping[str, Any]) -> str:
    first = survey.showers.row(meeting["left_hash"], named=True)
    if first["first_account"] is None:
        return "who did first is unknown"
    sides = {meeting["left"]: "the left one", meeting["right"]: "the right one"}
    who = sides.get(first["first_account"], "another account")
    return f"{who} first ({first['first_at']:%Y-%m-%d})"


def _missing(traits: PhotoTraits, pair: tuple[int, int]) -> str:
    counts = [traits.shows.filter(pl.col("account") == side).height for side in pair]
    if min(counts):
        return f"they share no picture that at most {MOST_SHOWERS} accounts show"
    sides = [side for side, count in zip(("left", "right"), counts, strict=True) if not count]
    return f"no picture that can be compared: {' and '.join(sides)}"
