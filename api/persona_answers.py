"""What the service answers of personas and of what people ruled."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api import examples
from api.answers import PROPOSED, Account, shown_as


class Health(BaseModel):
    """How well a persona holds together."""

    model_config = ConfigDict(frozen=True)

    member_count: int
    cohesion_bits: float = Field(description="mean bits over all pairs of members; no bond is 0")
    ruled_count: int = Field(description="pairs of members that people ruled the same")
    bridge_id: str | None = Field(
        description="link_id of the weakest bond whose loss splits the persona; null where no "
        "single one that was tried does"
    )
    bridge_left: str | None = Field(description="account_id")
    bridge_right: str | None = Field(description="account_id")
    bridge_bits: float | None = Field(description="bits of its evidence")
    bridge_ruled: bool | None = Field(description="true where people ruled the two the same")
    falls_apart: list[str] = Field(description="account_ids that split off without it")
    possible_crew: bool = Field(description="two members show one key and do not write alike")
    crew_reason: str | None = Field(description="which two, which key, how many bits against")


class RulingShown(BaseModel):
    """How the two accounts stood when the person ruled on them."""

    model_config = ConfigDict(frozen=True)

    run_id: str = Field(description="the run that was published then")
    view: str
    proposed: str | None = Field(description="lead, strong, proved or copies; null for neither")
    bits: float | None = Field(description="of the link; null where there was none")


class Ruling(BaseModel):
    """What a person ruled on two accounts, and what that is worth now."""

    model_config = shown_as(examples.RULING)

    number: int
    left: str = Field(description="account_id")
    right: str = Field(description="account_id")
    ruling: str = Field(description="same, different or unsure")
    person: str
    reason: str
    decided_at: datetime
    cites: str | None = Field(description="what it rests on, as people cite it")
    shown: RulingShown | None = Field(
        description="null for a decision that came in a file, or was shown in another view"
    )
    force: str = Field(
        description="counts, awaits a second person, ruled again later, or an account was erased"
    )


class Change(BaseModel):
    """What changed since the run before, and what bears on it."""

    model_config = ConfigDict(frozen=True)

    detail: str = Field(description="accounts that came (+) and went (-)")
    cause: str = Field(
        description="decision, new data, corrected data, withdrawn data, public value, model, "
        "program or first run; several are joined by commas"
    )


class PersonaAnswer(BaseModel):
    """Accounts believed to be one hand."""

    model_config = shown_as(examples.PERSONA)

    run_id: str
    status: str = PROPOSED
    persona_id: str
    members: list[Account]
    health: Health | None = Field(description="null where the run was made before it was told")
    changed: Change | None = Field(description="null where it is as in the run before")
    rulings: list[Ruling] = Field(description="what people ruled on members, as of now")
    contradictions: list[list[str]] = Field(
        description="chains of accounts through members, each ruled the same as the next, of which "
        "the first and the last were ruled different"
    )


class PersonaMembers(BaseModel):
    """A persona and the ids of its accounts."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    persona_id: str
    members: list[str]


class WithoutAnswer(BaseModel):
    """What the loss of one link, or of a ruling on its two accounts, would do to personas."""

    model_config = shown_as(examples.WITHOUT)

    run_id: str
    status: str = PROPOSED
    link_id: str
    left: str = Field(description="account_id")
    right: str = Field(description="account_id")
    held_by: str | None = Field(
        description="what stands between the two: link, or same where people ruled so; against, "
        "copies, or different where people ruled so, which keep them apart; null where nothing "
        "does that personas are grouped by, as with a lead"
    )
    bits: float | None = Field(description="bits of the evidence")
    changes: bool = Field(description="whether any persona would be another")
    before: list[PersonaMembers] = Field(description="the personas concerned, as they are")
    after: list[list[str]] = Field(
        description="where their accounts would be, largest group first; alone is a group of one"
    )


class DecisionsPage(BaseModel):
    """What people ruled, newest first."""

    model_config = shown_as(examples.DECISIONS)

    decisions: list[Ruling]
    more: bool = Field(description="true where the limit cut off earlier ones")
    contradictions: list[list[str]] = Field(
        description="chains of accounts, each ruled the same as the next, of which the first and "
        "the last were ruled different"
    )
