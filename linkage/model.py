"""The model: what every level is worth in bits, where that comes from, and what a link needs.

A bundle is a folder: `model.json`, for each feature its weights in `FEATURE.json`, and, where it
has a fitted part, `FEATURE.npz`. Its name is the SHA-256 over all of it, so that a run can say
exactly what judged it. When and how it was made stands beside it in `made.json`, outside the hash:
equal training makes equal models.
"""

import io
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import log, log2
from pathlib import Path
from typing import Literal, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evidence.errors import RefusedInput
from features import FEATURES
from features.feature import Fitted

Relation = Literal["across", "same", "forum"]
"""How two accounts stand to each other: on two markets, on one, or on a forum and its market."""
RELATIONS: tuple[Relation, ...] = ("across", "same", "forum")

RULES, MADE = "model", "made"
DEFAULT_MODEL = Path(__file__).parent / "models" / "default"


class Strict(BaseModel):
    """A part of the model file: unknown names and numbers without end are errors; it is frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


SourceKind = Literal["measured", "elicited", "structural"]
KINDS: tuple[SourceKind, ...] = ("measured", "elicited", "structural")


class BitsSource(Strict):
    """Where a number comes from (DESIGN: every bit carries its source)."""

    kind: SourceKind
    text: str = Field(min_length=10)
    """The data and how it was measured; the citation; or the rule."""
    n: int | None = None
    """How many pairs or accounts it was measured on."""
    low: float | None = None
    high: float | None = None
    """95 % interval of a measured number, range of an elicited one; in bits."""
    not_validated: str | None = None
    """What pairs that it is applied to have, and those that it was measured on had not."""

    @property
    def said(self) -> str:
        """Its kind and text."""
        return f"{self.kind}: {self.text}"

    @model_validator(mode="after")
    def _has_its_ends_in_order(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low, {self.low:g}, must not be more than high, {self.high:g}")
        return self


BEND_BITS = 3.0
"""Within so many bits of its cap or floor a curve bends towards it, and never reaches it."""


class Curve(Strict):
    """Bits of a continuous level: a logistic map of value s and q = ln(count).

    bits = (intercept + value * s + log_count * q + value_log_count * s * q) / ln 2. Nothing beyond
    cap and floor has been established, so the last `BEND_BITS` before them are bent: the slope is 1
    where the bend begins and falls exponentially, so that more similar is always more bits.

    Attributes:
        knee: where there is one, s is not the value itself (see `on_log_scale`).
    """

    intercept: float
    value: float
    log_count: float = 0.0
    value_log_count: float = 0.0
    knee: float | None = Field(default=None, gt=0)
    floor_bits: float
    cap_bits: float

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        """No bits lie between a floor and a cap below it."""
        if self.floor_bits >= self.cap_bits:
            raise ValueError(
                f"floor_bits, {self.floor_bits:g}, must be less than cap_bits, {self.cap_bits:g}"
            )
        return self

    def bits(self, value: NDArray[np.float32], count: NDArray[np.int32]) -> NDArray[np.float64]:
        """Bits (n,) of n values and counts."""
        s = on_log_scale(value.astype(np.float64), self.knee)
        q = np.log(np.maximum(count, 1).astype(np.float64))
        log_odds = (
            self.intercept + self.value * s + self.log_count * q + self.value_log_count * s * q
        )
        below_cap = self.cap_bits - _bent(self.cap_bits - log_odds / log(2))
        return self.floor_bits + _bent(below_cap - self.floor_bits)


def on_log_scale(value: NDArray[np.float64], knee: float | None) -> NDArray[np.float64]:
    """Values (n,) on a scale that is nearly even within the knee, and logarithmic far beyond it.

    For a value that strangers may reach in any amount, ever more seldom but never less so: there
    twice as much says the same more, and not twice. Without a knee values are as they are.
    """
    if knee is None:
        return value
    return np.copysign(np.log1p(np.abs(value) / knee), value)


def _bent(room: NDArray[np.float64]) -> NDArray[np.float64]:
    """Room left before a limit: as it is where there is plenty, else bent to stay above zero."""
    excess = np.minimum(room - BEND_BITS, 0.0)
    return np.where(room < BEND_BITS, BEND_BITS * np.exp(excess / BEND_BITS), room)


class Weight(Strict):
    """What one level is worth in one relation: a constant or a curve, and its source."""

    bits: float | None = None
    curve: Curve | None = None
    source: BitsSource

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        """Of two values it would be unsaid which one counts, and no value is no weight."""
        if (self.bits is None) == (self.curve is None):
            raise ValueError("a weight has either bits or a curve")
        return self


def applied(weight: Weight, beyond: Mapping[Relation, str]) -> dict[Relation, Weight]:
    """A weight in every relation; `beyond` says where pairs have what those measured had not."""
    return {
        relation: weight.model_copy(
            update={
                "source": weight.source.model_copy(update={"not_validated": beyond.get(relation)})
            }
        )
        for relation in RELATIONS
    }


class Prior(Strict):
    """Odds before any evidence: expected partners of an account, over a reference population."""

    expected_partners: float = Field(gt=0)
    reference_accounts: int = Field(gt=1)
    source: BitsSource

    @model_validator(mode="after")
    def _leaves_strangers(self) -> Self:
        """No odds are those of an account that has as many partners as there are accounts."""
        if self.expected_partners >= self.reference_accounts:
            raise ValueError(
                f"expected_partners, {self.expected_partners:g}, must be less than "
                f"reference_accounts, {self.reference_accounts}"
            )
        return self

    @property
    def bits(self) -> float:
        """log2 of the prior odds."""
        share = self.expected_partners / self.reference_accounts
        return log2(share / (1 - share))


class OwnerBits(Strict):
    """What a level is worth for the owner against a copier, whatever it is worth against chance."""

    bits: float
    source: BitsSource


class Copying(Strict):
    """How many look-alike accounts are the owner's own for each that is a copier's."""

    owners_per_copier: float = Field(gt=0)
    source: BitsSource
    levels: Mapping[str, Mapping[str, OwnerBits]] | None = None
    """Feature, level: `free` levels in which a copier's account is more, or less, often found than
    an owner's. Any other is found as often with both."""

    @property
    def telling(self) -> Mapping[str, OwnerBits]:
        """What levels are worth for the owner, by their name."""
        return {
            name: bits for found in (self.levels or {}).values() for name, bits in found.items()
        }


class Shrink(Strict):
    """What a family's bits are multiplied by, so that what two families see is not counted twice.

    `low` and `high` of its source are of this factor, not of bits.
    """

    value: float = Field(ge=0, le=1)
    source: BitsSource


class Thresholds(Strict):
    """What a pair needs to be proposed, and for which band."""

    lead_probability: float = Field(gt=0, lt=1)
    """What a `lead` needs, but"""
    grounded_lead_probability: float | None = Field(default=None, gt=0, lt=1)
    """so much (None: the same) where more speaks than likeness that anybody can copy, see
    `linkage.bands.lead_probability`."""
    strong_probability: float = Field(gt=0.5, lt=1)
    """Also what two groups need to become one persona: odds better than even."""
    costly_bits: float = Field(gt=0)
    """A `strong` link needs one costly family of at least so many bits (or an infeasible level)."""
    copies_free_bits: float = Field(default=8.0, gt=0)
    """A `copies` pair has in common what others know an account by, worth so many bits, and"""
    copies_probability: float = Field(default=0.8, gt=0, lt=1)
    """a copier, not the owner, made it so with this probability, going by all that is not alike."""
    copies_against_bits: float = Field(default=3.0, gt=0)
    """What cannot be copied holds accounts apart where it speaks against with so many bits."""
    framing_costly_bits: float = Field(default=5.0, gt=0)
    """Where no costly family speaks for one hand with so many bits, it may be a framing: among
    strangers a likelihood ratio of 2 ** bits is reached in one pair of 2 ** bits at most."""


class Rulebook(Strict):
    """The readable half of a bundle: `model.json`, and the weights of every feature."""

    name: str
    trained_on: tuple[str, ...]
    """SHA-256 of the sources that anything in the bundle was fitted on."""
    priors: Mapping[Relation, Prior]
    weights: Mapping[str, Mapping[str, Mapping[Relation, Weight]]]
    """Feature, level, relation. A level without a weight in a relation is worth 0 bits there."""
    copying: Mapping[Relation, Copying] = {}
    """Without one, what can be copied counts as if nobody ever copied."""
    thresholds: Thresholds
    shrinks: Mapping[str, Shrink] = {}
    """By family; the bits of a family without one count in full."""

    @property
    def unsaid(self) -> set[str]:
        """Parts that are left out where they are empty: bundles made before there were any."""
        return set() if self.shrinks else {"shrinks"}

    def shrink(self, family: str) -> float:
        """What a family's bits are multiplied by."""
        found = self.shrinks.get(family)
        return 1.0 if found is None else found.value

    @property
    def prior_sources(self) -> dict[str, str]:
        """By relation, where the bits before any evidence come from, in words."""
        return {relation: prior.source.said for relation, prior in self.priors.items()}

    @property
    def sources(self) -> tuple[BitsSource, ...]:
        """Where its numbers come from: that of every weight, prior, rate of copying and shrink."""
        levels = [level for feature in self.weights.values() for level in feature.values()]
        weights = [weight for by_relation in levels for weight in by_relation.values()]
        numbers: list[Weight | Prior | Copying | Shrink] = [*weights, *self.priors.values()]
        numbers += [*self.copying.values(), *self.shrinks.values()]
        telling = [bits for rate in self.copying.values() for bits in rate.telling.values()]
        return tuple(number.source for number in (*numbers, *telling))

    @property
    def source_counts(self) -> dict[str, int]:
        """How many of its numbers are measured, elicited and structural."""
        kinds = [source.kind for source in self.sources]
        return {kind: kinds.count(kind) for kind in KINDS}


@dataclass(frozen=True)
class Model:
    """A bundle in memory: the rulebook and the fitted part of each feature that has one."""

    rules: Rulebook
    fitted: Mapping[str, Fitted]

    @cached_property
    def model_hash(self) -> str:
        """SHA-256 (hex) over the rulebook and every fitted array, in canonical order."""
        dumped = self.rules.model_dump_json(exclude_none=True, exclude=self.rules.unsaid)
        digest = sha256(dumped.encode())
        for feature in sorted(self.fitted):
            for name, array in sorted(self.fitted[feature].items()):
                digest.update(f"{feature}/{name}/{array.dtype}/{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def taught(
        self,
        weights: Mapping[str, Mapping[str, Mapping[Relation, Weight]]],
        trained_on: Iterable[str],
        fitted: Mapping[str, Fitted] | None = None,
    ) -> "Model":
        """The model with other weights of some features, and maybe other fitted parts.

        Args:
            weights: by feature, level and relation; features that are not named keep theirs.
            trained_on: SHA-256 of the sources that taught it.
            fitted: by feature.
        """
        told = {
            "weights": {**self.rules.weights, **weights},
            "trained_on": tuple(sorted({*self.rules.trained_on, *trained_on})),
        }
        return Model(self.rules.model_copy(update=told), {**self.fitted, **(fitted or {})})

    def save(self, folder: Path) -> None:
        """Write the bundle; equal models give equal bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        rules = self.rules.model_dump(mode="json", exclude_none=True, exclude=self.rules.unsaid)
        weights = rules.pop("weights")
        for name, part in {RULES: rules, **weights}.items():
            text = json.dumps(part, indent=1, ensure_ascii=False)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        for feature, arrays in self.fitted.items():
            buffer = io.BytesIO()
            np.savez_compressed(
                buffer, allow_pickle=False, **{k: arrays[k] for k in sorted(arrays)}
            )
            (folder / f"{feature}.npz").write_bytes(buffer.getvalue())


def load_model(folder: Path = DEFAULT_MODEL) -> Model:
    """Read a bundle.

    Raises:
        RefusedInput: there is no `model.json`, or what is there is no rulebook, none that judges
            pairs of every relation, or no fitted part; the message names the field, or the file.
    """
    try:
        parts = {path.stem: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
        parts.pop(MADE, None)
        rules = Rulebook.model_validate({**parts.pop(RULES), "weights": parts}, strict=False)
    except KeyError as error:
        raise RefusedInput(f"{folder} holds no model: there is no {RULES}.json") from error
    except ValidationError as error:
        raise RefusedInput(f"{folder} holds no model: {_wrong_fields(error)}") from error
    except (OSError, TypeError, ValueError) as error:
        raise RefusedInput(f"{folder} holds no model: {error}") from error
    if lacking := [relation for relation in RELATIONS if relation not in rules.priors]:
        raise RefusedInput(f"{folder} holds no model: priors: none for {', '.join(lacking)}")
    return Model(rules, _fitted(folder))


def _wrong_fields(error: ValidationError) -> str:
    """What a check found, one clause a field."""
    said = [(".".join(map(str, at["loc"])), at["msg"]) for at in error.errors()]
    return "; ".join(f"{field}: {what.removeprefix('Value error, ')}" for field, what in said)


def _fitted(folder: Path) -> dict[str, Fitted]:
    """The fitted parts of a bundle; those of features were tried on them."""
    found = {path.stem: _arrays(path) for path in sorted(folder.glob("*.npz"))}
    for feature in FEATURES:
        try:
            feature.from_fitted(found.get(feature.name))
        except KeyError as error:
            raise RefusedInput(
                f"{folder / feature.name}.npz is no fitted part of a model: {error} is missing"
            ) from error
    return found


def _arrays(path: Path) -> Fitted:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (OSError, EOFError, ValueError, BadZipFile, zlib.error) as error:
        raise RefusedInput(f"{path} is no fitted part of a model: {error}") from error
    for name, array in found.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise RefusedInput(f"{path} is no fitted part of a model: {name} holds no numbers")
    return found
