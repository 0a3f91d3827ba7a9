"""The tables of a run, every column with its meaning: what is published, printed and explained.

They lie under `runs/RUN_ID/` as Parquet beside `run.json`. Rows are sorted by the leading columns,
so that equal runs are equal files.
"""

import polars as pl

from evidence.records import UTC_TIME, Column, Table

PAIR = (
    Column("left", pl.String, "account_id of the left account; left < right as rows of the corpus"),
    Column("right", pl.String, "account_id of the right account"),
)

RUN_ACCOUNTS = Table(
    "accounts",
    "the accounts the run saw, in corpus order",
    (
        Column("account_id", pl.String, "market:handle"),
        Column("market", pl.String, "market"),
        Column("handle", pl.String, "handle as shown"),
        Column("folded_handle", pl.String, "look-up form of the handle"),
        Column("record_count", pl.Int64, "listings, posts, profiles, keys and photos it left"),
        Column("first_seen_at", UTC_TIME, "earliest time any of them states or was captured"),
        Column("last_seen_at", UTC_TIME, "latest such time"),
        Column("not_before_at", UTC_TIME, "earliest time it can have begun; null where unknown"),
    ),
)
RUN_MARKETS = Table(
    "markets",
    "the markets the run saw",
    (
        Column("market", pl.String, "name"),
        Column("kind", pl.String, "market, forum or shop"),
        Column("opened_at", UTC_TIME, "when it opened"),
        Column("closed_at", UTC_TIME, "when it closed"),
        Column("reason", pl.String, "why it closed"),
        Column("belongs_to", pl.String, "for a forum: the market it serves"),
        Column("account_count", pl.Int64, "accounts seen on it"),
    ),
)
LINKS = Table(
    "links",
    "proposed links: pairs the run stands behind",
    (
        *PAIR,
        Column("link_id", pl.String, "digest of the two account ids (16 hex digits)"),
        Column("relation", pl.String, "across, same or forum"),
        Column("verdict", pl.String, "same or copies"),
        Column("band", pl.String, "lead, strong or proved; null for copies"),
        Column("copier", pl.String, "for copies: account_id of who copies, or `unknown`"),
        Column(
            "possible_framing",
            pl.Boolean,
            "verdict same, and all that speaks for it a stranger could have copied in a minute",
        ),
        Column("prior_bits", pl.Float64, "log2 odds before any evidence"),
        Column("bits", pl.Float64, "prior plus all counted evidence: log2 odds of one hand"),
        Column("probability", pl.Float64, "of one hand, 0..1; the logistic of `bits`"),
        Column("queue_bucket", pl.String, "`BAND` or `copies`: the page of the review queue"),
        Column(
            "q_value",
            pl.Float64,
            "share expected to be wrong among all `same` links at least as good; null for copies",
        ),
    ),
)
EVIDENCE = Table(
    "evidence",
    "what each feature found on each proposed link, levels and gaps alike",
    (
        Column("link_id", pl.String, "the link"),
        Column("feature", pl.String, "the feature"),
        Column("family", pl.String, "its family"),
        Column("level", pl.String, "name of the level; null where there was nothing to compare"),
        Column("weight_bits", pl.Float64, "log2 likelihood ratio of the level; null without level"),
        Column("counted", pl.Boolean, "true where it is the family's strongest and enters the sum"),
        Column("forgeable", pl.String, "free, costly or infeasible"),
        Column("value", pl.Float64, "what a continuous level measured; null elsewhere"),
        Column("count", pl.Int64, "the amount it rests on"),
        Column("sentence", pl.String, "the finding in words"),
        Column("bits_source", pl.String, "where the bits come from: kind and text"),
        Column(
            "highlights",
            pl.List(pl.Struct({"side": pl.String, "text": pl.String})),
            "pieces to show, on the left or right",
        ),
        Column(
            "citations",
            pl.List(pl.Struct({"source_id": pl.String, "place": pl.String, "row_id": pl.String})),
            "where it stands",
        ),
        Column(
            "not_validated",
            pl.List(pl.String),
            "what lies beyond anything that the feature's bits were measured on",
        ),
        Column("without_bits", pl.Float64, "the link's bits had this not been found; if counted"),
        Column("without_verdict", pl.String, "its verdict then; null for none, and if not counted"),
        Column("without_band", pl.String, "its band then; null for none, and if not counted"),
    ),
)
MEMBERS = Table(
    "members",
    "personas proposed by the run",
    (
        Column("persona_id", pl.String, "opaque id from the ledger"),
        Column("account_id", pl.String, "the member"),
    ),
)
BONDS = Table(
    "bonds",
    "what accounts were grouped by: bonds and walls within tangles, and every wall people ruled",
    (
        Column(
            "tangle",
            pl.Int64,
            "number of a set of accounts that chains of bonds join; null for a wall between two",
        ),
        *PAIR,
        Column("link_id", pl.String, "digest of the two account ids, link or not"),
        Column(
            "kind",
            pl.String,
            "link or against (by their bits), same or different (people ruled), copies; different "
            "and copies are walls",
        ),
        Column("bits", pl.Float64, "what evidence that counts here says; 0 where none does"),
    ),
)
PERSONAS = Table(
    "personas",
    "the health of each persona",
    (
        Column("persona_id", pl.String, "opaque id from the ledger"),
        Column("member_count", pl.Int64, "accounts"),
        Column("cohesion_bits", pl.Float64, "mean bits over all pairs of members; no bond is 0"),
        Column("ruled_count", pl.Int64, "pairs of members that people ruled the same"),
        Column("bridge_id", pl.String, "link_id of the weakest bond whose loss splits it, or null"),
        Column("bridge_left", pl.String, "account_id of its left account"),
        Column("bridge_right", pl.String, "account_id of its right account"),
        Column("bridge_bits", pl.Float64, "bits of its evidence; 0 where people ruled on none"),
        Column("bridge_ruled", pl.Boolean, "true where people ruled the two the same"),
        Column("falls_apart", pl.List(pl.String), "account_ids that split off without it"),
        Column("possible_crew", pl.Boolean, "two members show one key and do not write alike"),
        Column("crew_reason", pl.String, "which two, which key; null where it is none"),
    ),
)
SHOWN = Table(
    "shown",
    "values that two or more accounts show, or that an account proved",
    (
        Column("kind", pl.String, "key, photo, contact or wallet"),
        Column("value", pl.String, "fingerprint, photo hash or address"),
        Column("account_id", pl.String, "who shows it"),
        Column("proved", pl.Boolean, "true where possession was proved by a signature"),
    ),
)
FLOWS = Table(
    "flows",
    "same links of any band between markets, counted",
    (
        Column(
            "market_from",
            pl.String,
            "market of the account seen first (alphabetical where unknown)",
        ),
        Column("market_to", pl.String, "the other"),
        Column("count", pl.Int64, "links with verdict same"),
    ),
)
CHANGES = Table(
    "changes",
    "what differs from the view's run before, and why",
    (
        Column("kind", pl.String, "link added, link removed, link changed, persona changed"),
        Column("subject", pl.String, "link_id or persona_id"),
        Column("detail", pl.String, "in words"),
        Column(
            "cause",
            pl.String,
            "what bears on it, joined by commas: decision, new data, corrected data, withdrawn "
            "data, public value, model, program (with its versions), or first run",
        ),
    ),
)
LEFT_BEHIND = Table(
    "left_behind",
    "what each account left behind, by the source that showed it first",
    (
        Column("account_id", pl.String, "the account"),
        Column("source_id", pl.String, "SHA-256 of the delivery"),
        Column("record_count", pl.Int64, "listings, posts, profiles, keys and photos"),
        Column("digest", pl.Int64, "sum over them of what they say and when they were seen"),
    ),
)
PUBLIC = Table(
    "public_values",
    "values that linked nobody in this run, as people had ruled",
    (
        Column("kind", pl.String, "key, wallet, contact, photo or phrase"),
        Column("value", pl.String, "the value"),
    ),
)

RUN_TABLES = (
    RUN_ACCOUNTS,
    RUN_MARKETS,
    LINKS,
    EVIDENCE,
    BONDS,
    MEMBERS,
    PERSONAS,
    SHOWN,
    FLOWS,
    CHANGES,
    LEFT_BEHIND,
    PUBLIC,
)
