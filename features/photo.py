"""Photo: one picture shown by two accounts, however it was edited, or two taken by one camera."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome, Shown
from features.pairs import Pairs
from features.photos.cameras import camera_meetings_of
from features.photos.hashes import hexadecimal
from features.photos.looks import edit_of, gather_looks, near_hash, near_looks
from features.photos.meetings import MOST_SHOWERS, firsts_of, meetings_of, showers_of
from features.photos.readings import Readings, Records, read_pictures
from features.photos.worker import CAMERA_BYTES

RARE, FEW, COMMON, LATE, CAMERA = 1, 2, 3, 4, 5
RARE_SHOWERS, FEW_SHOWERS = 2, 5
NO_CAMERA = bytes(CAMERA_BYTES)


@dataclass(frozen=True)
class PhotoSurvey:
    """What every picture looks like, and who shows the like of it.

    Attributes:
        pictures: `blob`, `look` (null where unreadable or it tells nothing), `camera` (digest of
            maker and serial number, null without), `reason` (why it could not be read, else null).
        records: one for each look, see `readings.RECORD`.
        near: looks that show the same, see `looks.NEAR`.
        showers: see `meetings.showers_of`.
        firsts: row i is look i, see `meetings.firsts_of`; `leader`: the look among those like it
            that most accounts show.
    """

    pictures: pl.DataFrame
    records: Records
    near: pl.DataFrame
    showers: pl.DataFrame
    firsts: pl.DataFrame


@dataclass(frozen=True)
class PhotoTraits:
    """Who shows which picture.

    Attributes:
        shows: `account`, `look` and the first photo row: `path`, `source_id`, `place`, `row_id`,
            `seen_at`, `camera`; `value`: the leader's pHash in hex; sorted by account and look.
        taken: the same rows of pictures that name their camera, one for each account, camera and
            look, `leader` among them.
        unreadable: `account`, `blob`, `path`, `place`, `reason` of photos that cannot be read.
        meetings: see `meetings.meetings_of`.
        cameras: see `cameras.camera_meetings_of`.
    """

    shows: pl.DataFrame
    taken: pl.DataFrame
    unreadable: pl.DataFrame
    meetings: pl.DataFrame
    cameras: pl.DataFrame

    @cached_property
    def met(self) -> Pairs:
        """The accounts that show one picture, in the order of `meetings`."""
        return Pairs(self.meetings["left"].to_numpy(), self.meetings["right"].to_numpy())

    @cached_property
    def met_by_camera(self) -> Pairs:
        """The accounts with unlike pictures of one camera, in the order of `cameras`."""
        return Pairs(self.cameras["left"].to_numpy(), self.cameras["right"].to_numpy())

    @cached_property
    def show_keys(self) -> NDArray[np.uint64]:
        """Account and look of each row of `shows`, in one number, ascending."""
        account, look = (self.shows[name].to_numpy() for name in ("account", "look"))
        keys: NDArray[np.uint64] = account.astype(np.uint64) << np.uint64(32) | look
        return keys

    @cached_property
    def taken_rows(self) -> Mapping[tuple[int, str], list[int]]:
        """The rows of `taken` by account and camera, of cameras that bring accounts together."""
        there = self.taken.with_row_index("row").filter(
            pl.col("camera").is_in(self.cameras["camera"].unique().implode())
        )
        groups = there.group_by("account", "camera", maintain_order=True).agg("row")
        return {(account, camera): rows for account, camera, rows in groups.iter_rows()}

    @cached_property
    def refusals(self) -> Mapping[int, str]:
        """Why the first unreadable picture of an account cannot be read."""
        first = self.unreadable.unique("account", keep="first", maintain_order=True)
        return dict(first.select("account", "reason").iter_rows())


class Photo(Feature[PhotoSurvey, PhotoTraits]):
    """Do the accounts show the same picture, or pictures of the same camera?

    Blind spot: a picture and its EXIF are copied in a minute, from the first vendor by an impostor,
    from the maker's site by everybody, and the EXIF of most pictures was stripped on the way. A
    heavy crop, a turn by a few degrees or a few words on a plain ground are not known again.
    """

    name = "photo"
    family = "photo"
    levels = (
        Level("same_photo_rare", "one picture that no other account had shown", "free"),
        Level("same_photo_few", "one picture that three to five accounts had shown", "free"),
        Level("same_photo_common", "one picture that more had shown: a stock photo", "free"),
        Level(
            "same_photo_late",
            "one picture, shown by one of them half a year or more after its first showing",
            "free",
        ),
        Level("same_camera_serial", "unlike pictures that name one camera by its serial", "free"),
    )

    @override
    def survey(self, corpus: Corpus) -> PhotoSurvey:
        readings = read_pictures(corpus)
        looks = gather_looks(readings, _order_seen(corpus, readings))
        pictures = pl.DataFrame(
            {
                "blob": readings.names,
                "look": looks.of,
                "camera": [_camera(c.tobytes()) for c in readings.records["camera"]],
                "reason": readings.reason,
            },
            schema={"blob": pl.String, "look": pl.Int64, "camera": pl.String, "reason": pl.String},
        ).with_columns(pl.when(pl.col("look") >= 0).then("look").cast(pl.UInt32))
        near = near_looks(looks)
        showers = showers_of(_shows(corpus, pictures), near)
        firsts = _with_leaders(firsts_of(showers), near)
        return PhotoSurvey(pictures, looks.records, near, showers, firsts)

    @override
    def read(self, corpus: Corpus, survey: PhotoSurvey) -> PhotoTraits:
        leaders = survey.firsts["leader"]
        like = hexadecimal(survey.records["hashes"][leaders.to_numpy(), 0])
        values = pl.DataFrame(
            {"leader": leaders, "value": pl.Series(like, dtype=pl.String)}
        ).with_row_index("look")
        shows = _shows(corpus, survey.pictures).join(
            values, on="look", how="left", maintain_order="left"
        )
        taken = _shows(corpus, survey.pictures, by_camera=True).join(
            values, on="look", how="left", maintain_order="left"
        )
        unreadable = (
            corpus.photos.join(survey.pictures, on="blob", maintain_order="left")
            .drop_nulls("reason")
            .select("account", "blob", "path", "place", "reason")
        )
        return _met(shows, taken, unreadable, survey)

    @override
    def meet(self, traits: PhotoTraits, survey: PhotoSurvey) -> Pairs:
        del survey
        both = (traits.met, traits.met_by_camera)
        return Pairs.of(
            np.concatenate([pairs.left for pairs in both]),
            np.concatenate([pairs.right for pairs in both]),
        )

    @override
    def compare(self, traits: PhotoTraits, survey: PhotoSurvey, pairs: Pairs) -> Outcome:
        del survey
        outcome = Outcome.nothing(len(pairs))
        at, row = _found(pairs, traits.met)
        count = traits.meetings["count"].to_numpy()[row]
        is_late = traits.meetings["is_late"].to_numpy()[row]
        chosen = [count > FEW_SHOWERS, is_late, count > RARE_SHOWERS]
        outcome.level[at] = np.select(chosen, [COMMON, LATE, FEW], RARE)
        outcome.value[at] = traits.meetings["distance"].to_numpy()[row]
        outcome.count[at] = count
        at, row = _found(pairs, traits.met_by_camera)
        outcome.level[at], outcome.value[at] = CAMERA, np.nan
        outcome.count[at] = traits.cameras["count"].to_numpy()[row]
        return outcome

    @override
    def explain(self, traits: PhotoTraits, survey: PhotoSurvey, pair: tuple[int, int]) -> Finding:
        one = Pairs.of([pair[0]], [pair[1]])
        level = self.compare(traits, survey, one).level[0]
        if level == 0:
            return Finding(None, _missing(traits, pair))
        if level == CAMERA:
            meeting = traits.cameras.row(int(_found(one, traits.met_by_camera)[1][0]), named=True)
            sides = _by_camera(traits, meeting)
            sentence = _camera_sentence(meeting, sides)
        else:
            meeting = traits.meetings.row(int(_found(one, traits.met)[1][0]), named=True)
            sides = [_showing(traits, meeting, side) for side in ("left", "right")]
            sentence = _sentence(survey, meeting, sides)
        left, right = sides
        return Finding(
            self.levels[level - 1].name,
            sentence,
            (Highlight("left", _called(left)), Highlight("right", _called(right))),
            tuple(Citation(s["source_id"], s["place"], s["row_id"]) for s in sides),
        )

    @override
    def without(
        self, traits: PhotoTraits, survey: PhotoSurvey, values: Collection[str]
    ) -> PhotoTraits:
        public = np.zeros(len(survey.records), np.bool_)
        for value in values:
            public |= near_hash(survey.records, int(value, 16))
        is_public = pl.col("look").is_in(np.flatnonzero(public).tolist())
        shows, taken = (table.filter(~is_public) for table in (traits.shows, traits.taken))
        return _met(shows, taken, traits.unreadable, survey)

    @override
    def shown(self, traits: PhotoTraits) -> Shown:
        shows = traits.shows.group_by("account", "value", maintain_order=True)
        values = shows.agg(pl.col("seen_at").min())
        return Shown(
            "photo",
            values["account"].to_numpy(),
            values["value"].to_list(),
            np.zeros(values.height, np.bool_),
            values["seen_at"],
        )


def _camera(digest: bytes) -> str | None:
    return None if digest == NO_CAMERA else digest.hex()


def _order_seen(corpus: Corpus, readings: Readings) -> NDArray[np.intp]:
    """By picture the rank of its first showing, unknown times last."""
    seen = corpus.photos.group_by("blob").agg(pl.col("seen_at").min())
    frame = pl.DataFrame({"blob": readings.names}, schema={"blob": pl.String})
    times = frame.join(seen, on="blob", how="left", maintain_order="left")["seen_at"]
    known = times.dt.timestamp("us").fill_null(np.iinfo(np.int64).max).to_numpy()
    rank: NDArray[np.intp] = np.unique(known, return_inverse=True)[1]
    return rank


def _shows(corpus: Corpus, pictures: pl.DataFrame, by_camera: bool = False) -> pl.DataFrame:
    """Who shows which look; with `by_camera`, which look that names its camera, by camera."""
    columns = ("account", "look", "camera", "path", "source_id", "place", "row_id", "seen_at")
    shown = corpus.photos.join(pictures, on="blob", maintain_order="left").drop_nulls("look")
    keys = ["account", "look"]
    if by_camera:
        shown, keys = shown.drop_nulls("camera"), ["account", "camera", "look"]
    return (
        shown.unique(keys, keep="first", maintain_order=True)
        .sort(keys, maintain_order=True)
        .select(columns)
    )


def _with_leaders(firsts: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    leaders = (
        near.join(firsts.select(other="own", showers="showers"), on="other")
        .sort(["own", "showers", "other"], descending=[False, True, False])
        .unique("own", keep="first")
        .select("own", leader="other")
    )
    return firsts.join(leaders, on="own").sort("own")


def _met(
    shows: pl.DataFrame, taken: pl.DataFrame, unreadable: pl.DataFrame, survey: PhotoSurvey
) -> PhotoTraits:
    meetings = meetings_of(shows, survey.near, survey.showers, survey.firsts)
    return PhotoTraits(shows, taken, unreadable, meetings, camera_meetings_of(taken))


def _found(pairs: Pairs, met: Pairs) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in `pairs` stand pairs that met, and their rows there."""
    keys = met.keys
    row = np.minimum(np.searchsorted(keys, pairs.keys), max(len(keys) - 1, 0))
    at = np.flatnonzero(keys[row] == pairs.keys) if len(keys) else np.empty(0, np.intp)
    return at, row[at]


def _showing(traits: PhotoTraits, meeting: Mapping[str, Any], side: str) -> Mapping[str, Any]:
    key = np.uint64(meeting[side]) << np.uint64(32) | np.uint64(meeting[f"{side}_look"])
    return traits.shows.row(int(np.searchsorted(traits.show_keys, key)), named=True)


def _by_camera(traits: PhotoTraits, meeting: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """On each side the first picture of the camera that the other side does not show."""
    rows = [
        [traits.taken.row(row, named=True) for row in traits.taken_rows[meeting[side], camera]]
        for side, camera in (("left", meeting["camera"]), ("right", meeting["camera"]))
    ]
    leaders = [{row["leader"] for row in side} for side in rows]
    return [
        next(row for row in side if row["leader"] not in others)
        for side, others in zip(rows, reversed(leaders), strict=True)
    ]


def _called(showing: Mapping[str, Any]) -> str:
    return showing["path"] or f"picture {showing['value']}"


def _camera_sentence(meeting: Mapping[str, Any], sides: list[Mapping[str, Any]]) -> str:
    left, right = map(_called, sides)
    return (
        f"unlike pictures ({left} and {right}) name one camera by its serial number (digest "
        f"{meeting['camera'][:8]}); {meeting['count']} accounts show pictures of it; EXIF can be "
        "edited"
    )


def _sentence(
    survey: PhotoSurvey, meeting: Mapping[str, Any], sides: list[Mapping[str, Any]]
) -> str:
    left, right = map(_called, sides)
    many = f", the rarest of {meeting['pictures']}" if meeting["pictures"] > 1 else ""
    edit = edit_of(meeting["way"], meeting["view"])
    first = survey.firsts.row(meeting["left_look"], named=True)
    by_then = f" ({meeting['count']} by then)" if meeting["count"] < first["showers"] else ""
    return (
        f"both show one picture{many} ({left} and {right}, "
        f"{f'{edit}, ' if edit else ''}{meeting['distance']} of 64 bits differ); "
        f"{first['showers']} accounts show it{by_then}, {_first(first, meeting)}"
    )


def _first(first: Mapping[str, Any], meeting: Mapping[str, Any]) -> str:
    late = ", the later of these two half a year or more after that" if meeting["is_late"] else ""
    if first["first_account"] is None:
        return f"who did first is unknown{late}"
    sides = {meeting["left"]: "the left one", meeting["right"]: "the right one"}
    who = sides.get(first["first_account"], "another account")
    return f"{who} first ({first['first_at']:%Y-%m-%d}){late}"


def _missing(traits: PhotoTraits, pair: tuple[int, int]) -> str:
    edges = np.array([[side, side + 1] for side in pair], np.uint64) << np.uint64(32)
    counts = np.diff(np.searchsorted(traits.show_keys, edges))[:, 0]
    if counts.all():
        return f"they share no picture that at most {MOST_SHOWERS} accounts had shown"
    sides = [
        f"{name} ({traits.refusals[side]})" if side in traits.refusals else name
        for name, side, count in zip(("left", "right"), pair, counts, strict=True)
        if not count
    ]
    return f"no picture that can be compared: {' and '.join(sides)}"
