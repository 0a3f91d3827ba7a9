"""What the service answers: every field with its meaning, every answer with an example."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api import examples

PROPOSED = "proposed by a machine; a person decides"
LONGEST_HANDLE_CHARS = 500
Handle = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_HANDLE_CHARS)]
Match = Literal["exact", "folded", "fuzzy"]
Bucket = Literal["proved", "strong", "lead", "copies"]


def shown_as(example: Mapping[str, Any]) -> ConfigDict:
    """How an answer is built and described, with its example."""
    return ConfigDict(
        frozen=True, from_attributes=True, json_schema_extra={"examples": [dict(example)]}
    )


class Account(BaseModel):
    """One account on one market."""

    model_config = shown_as(examples.ACCOUNT)

    account_id: str = Field(description="`market:handle`, neither part changed")
    market: str
    handle: str | None = Field(description="as shown on the market")
    folded_handle: str | None = Field(description="look-up form of the handle; never an identity")
    record_count: int = Field(description="listings, posts, profiles, keys and photos it left")
    first_seen_at: datetime | None = Field(description="earliest time seen, UTC; null if unknown")
    last_seen_at: datetime | None = Field(description="latest time seen, UTC; null if unknown")
    persona_id: str | None = Field(description="the persona it belongs to, if any")


class Hit(BaseModel):
    """An account that a look-up found, and why."""

    model_config = shown_as(examples.HIT)

    account: Account
    why: str = Field(description="what matched, in words")


class AccountsFound(BaseModel):
    """The answer to a look-up by handle, best hits first."""

    model_config = shown_as(examples.FOUND)

    run_id: str = Field(description="the published run that answered")
    handle: str
    match: Match
    hits: list[Hit]
    more: bool = Field(description="true where the limit cut off further hits")


class Lookup(BaseModel):
    """Handles to look up in one request."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [dict(examples.LOOKUP)]}
    )

    handles: list[Handle] = Field(min_length=1, max_length=1000, description="at most 1,000")
    match: Literal["exact", "folded"] = "folded"
    limit: int = Field(10, ge=1, le=50, description="hits per handle")


class LookupAnswer(BaseModel):
    """One entry per handle asked for, in the order of the request."""

    model_config = shown_as(examples.LOOKUP_ANSWER)

    run_id: str
    found: list[AccountsFound]


class Shows(BaseModel):
    """A value that an account shows; other accounts show it too, or the account proved it."""

    model_config = shown_as(examples.SHOWS)

    kind: str = Field(description="key, photo, contact or wallet")
    value: str = Field(description="fingerprint, photo hash or address")
    proved: bool = Field(description="true where possession was proved by a signature")


class AccountAnswer(BaseModel):
    """An account and what it shows."""

    model_config = shown_as(examples.ACCOUNT_ANSWER)

    run_id: str
    account: Account
    shows: list[Shows]


class Link(BaseModel):
    """A pair of accounts that the run stands behind."""

    model_config = shown_as(examples.LINK)

    link_id: str
    left: str = Field(description="account_id")
    right: str = Field(description="account_id")
    relation: str = Field(description="across (markets), same (market) or forum")
    verdict: str = Field(description="same (one hand) or copies (an impostor)")
    band: str | None = Field(description="lead, strong or proved; null for `copies`")
    copier: str | None = Field(description="for copies: an account_id, or `unknown`")
    possible_framing: bool = Field(
        description="same, on nothing but what a stranger can copy in a minute"
    )
    prior_bits: float = Field(description="log2 odds of one hand before any evidence")
    bits: float = Field(description="log2 odds of one hand: prior plus all counted evidence")
    probability: float = Field(description="of one hand, 0..1, also for `copies`")
    queue_bucket: str = Field(description="the page of the review queue it stands on")
    q_value: float | None = Field(
        description="share expected to be wrong among all links of one hand at least as good"
    )


class Citation(BaseModel):
    """Where a fact stands."""

    model_config = shown_as(examples.CITATION)

    source_id: str = Field(description="SHA-256 of the delivery")
    source_name: str | None = Field(None, description="file name as delivered")
    place: str = Field(description="where in the delivery")
    row_id: str


class Highlight(BaseModel):
    """A piece of evidence on one side of the link, as it came."""

    model_config = shown_as(examples.HIGHLIGHT)

    side: Literal["left", "right"]
    text: str


class Evidence(BaseModel):
    """What one feature found on the link when the run was made."""

    model_config = shown_as(examples.EVIDENCE)

    feature: str
    family: str = Field(description="features of one family see the same thing")
    level: str | None = Field(description="the outcome; null where there was nothing to compare")
    weight_bits: float | None = Field(description="log2 likelihood ratio; null without level")
    counted: bool = Field(description="true where it is the family's strongest and is in the sum")
    forgeable: str | None = Field(description="free, costly or infeasible")
    value: float | None = Field(description="what a continuous level measured")
    count: int | None = Field(description="the amount it rests on")
    sentence: str
    bits_source: str | None = Field(description="where the bits come from")
    highlights: list[Highlight]
    citations: list[Citation]
    not_validated: list[str] = Field(
        [], description="what lies beyond anything that its bits were measured on"
    )
    without_bits: float | None = Field(
        None, description="the link's bits had this not been found; null if it is not counted"
    )
    without_verdict: str | None = Field(None, description="its verdict then; null for none")
    without_band: str | None = Field(None, description="its band then; null for none")


class Step(BaseModel):
    """One bar of the waterfall: it runs from `before_bits` to `after_bits`."""

    model_config = shown_as(examples.STEP)

    name: str = Field(description="prior, a feature, or total")
    kind: Literal["prior", "for", "against", "total"]
    before_bits: float
    after_bits: float
    evidence: Evidence | None = Field(None, description="null for prior and total")
    source: str | None = Field(None, description="where the bits of the prior come from")


class LinkAnswer(BaseModel):
    """A link with its waterfall: the steps add up to its bits."""

    model_config = shown_as(examples.LINK_ANSWER)

    run_id: str
    status: str = Field(PROPOSED, description="what a link is")
    link: Link
    because: str | None = Field(None, description="for `copies`: what makes it so")
    steps: list[Step] = Field(description="prior, each counted evidence, total")
    not_counted: list[Evidence] = Field(description="found, but its family has stronger evidence")
    missing: list[Evidence] = Field(description="features that had nothing to compare")
    not_validated: list[str] = Field(
        [], description="what of the pair was never measured, each with its feature"
    )


class AccountLinks(BaseModel):
    """The links of one account, most bits first."""

    model_config = shown_as(examples.ACCOUNT_LINKS)

    run_id: str
    account_id: str
    links: list[LinkAnswer]
    more: bool = Field(description="true where the limit cut off further links")


class LinksPage(BaseModel):
    """One page of the review queue."""

    model_config = shown_as(examples.LINKS_PAGE)

    run_id: str
    bucket: Bucket
    links: list[Link]
    next_cursor: str | None = Field(description="hand it back as `cursor`; null on the last page")


class Node(BaseModel):
    """An account, or a value that accounts show."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    kind: str = Field(description="account, key, photo, contact or wallet")
    label: str
    market: str | None
    persona_id: str | None


class Edge(BaseModel):
    """A link between accounts (LINKED), or an account and a value (SHOWS, PROVED)."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    source: str
    target: str
    kind: str
    link_id: str | None
    bits: float | None
    probability: float | None
    verdict: str | None
    band: str | None


class NeighbourhoodAnswer(BaseModel):
    """What stands around an account, cut at the limit."""

    model_config = shown_as(examples.NEIGHBOURHOOD)

    run_id: str
    account_id: str
    depth: int
    nodes: list[Node]
    edges: list[Edge]
    left_out_count: int = Field(description="nodes that the limit left out")


class StageAnswer(BaseModel):
    """One stage of a run: what it made, in what time and memory."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    name: str
    count: int
    seconds: float
    memory_mb: float


class Run(BaseModel):
    """One recomputation."""

    model_config = shown_as(examples.RUN)

    run_id: str
    view: str
    published: bool = Field(description="true for the run that answers now")
    run_hash: str
    model_hash: str
    model_name: str
    started_at: datetime
    finished_at: datetime
    source_ids: list[str]
    counts: dict[str, int]
    expected_wrong_count: float | None = Field(
        description="how many of the links of one hand are expected to be wrong"
    )
    stages: list[StageAnswer]


class Runs(BaseModel):
    """Runs, newest first."""

    model_config = shown_as(examples.RUNS)

    published: str | None = Field(description="the run that answers now")
    runs: list[Run]
    more: bool
