"""What the service answers of any two accounts, proposed or not."""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.answers import PROPOSED, Evidence, shown_as
from linkage.explanation import Explanation


class NotProposedAnswer(BaseModel):
    """Why a run does not propose a pair."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    reasons: list[str] = Field(description="in words; each by itself is enough")
    lacking_bits: float | None = Field(
        description="bits that the pair is short of a lead; null where it is not short of any"
    )
    brought_by: list[str] = Field(
        description="features that bring the two together; without one no run compares them"
    )
    left_out_by: list[str] = Field(description="features for which both have too many partners")
    passed_by: list[str] = Field(description="features that have both, and bring other pairs")


class PairAnswer(BaseModel):
    """The sum of a pair: `prior_bits` and the counted terms make `bits`."""

    model_config = shown_as(examples.PAIR)

    status: str = PROPOSED
    left: str = Field(description="account_id")
    right: str = Field(description="account_id")
    relation: str = Field(description="across (markets), same (market) or forum")
    verdict: str | None = Field(description="same (one hand), copies, or null for neither")
    band: str | None = Field(description="lead, strong, proved, or null")
    copier: str | None = Field(description="for copies: an account_id, or `unknown`")
    possible_framing: bool = Field(
        description="same, on nothing but what a stranger can copy in a minute"
    )
    prior_bits: float = Field(description="log2 odds of one hand before any evidence")
    prior_source: str | None = Field(description="where these bits come from")
    terms: list[Evidence] = Field(description="what each feature found, or had nothing to compare")
    bits: float = Field(description="log2 odds of one hand: prior plus all counted terms")
    probability: float = Field(description="of one hand, 0..1")
    made: str = Field(description="`run RUN_ID`, or `now`: computed from what the archive holds")
    because: str | None = Field(description="for `copies`: what makes it so")
    not_validated: list[str] = Field(
        description="what of the pair was never measured, each with its feature"
    )
    not_proposed: NotProposedAnswer | None = Field(description="null for a proposed link")
    ruling: str | None = Field(description="same, different or unsure, as people ruled; or null")

    @classmethod
    def of(cls, found: Explanation, source_names: Mapping[str, str]) -> "PairAnswer":
        """The answer for an explanation; names are file names of sources by id."""
        told = asdict(found)
        for term in told["terms"]:
            for citation in term["citations"]:
                citation["source_name"] = source_names.get(citation["source_id"])
        return cls.model_validate(told)
