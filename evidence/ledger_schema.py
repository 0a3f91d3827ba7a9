"""The tables of the ledger, and the version that says which they are.

Rows of `decisions`, `decisions_shown`, `decisions_beside`, `source_events`, `model_activations`,
`persona_accounts` and `persona_rests` are only ever added; what is no longer in force is marked,
never removed, but for an erasure, which leaves a tombstone.
"""

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, String, Table

from evidence.utc_time import UtcTime

SCHEMA_VERSION = 8
ONLY_GREW_SINCE = 4
"""A ledger of this version or a later one lacks nothing but tables: opening it adds them."""
SCHEMA = MetaData()
SOURCES = Table(
    "sources",
    SCHEMA,
    Column("source_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("captured_at", UtcTime),
    Column("captured_precision", String),
    Column("owner", String, nullable=False),
    Column("legal_basis", String, nullable=False),
    Column("compartment", String, nullable=False),
    Column("handling_code", String, nullable=False),
    Column("tlp", String, nullable=False),
    Column("grade", String, nullable=False),
    Column("review_at", UtcTime),
    Column("delete_at", UtcTime),
    Column("replaces", String),
    Column("state", String, nullable=False),
    Column("reading", Integer, nullable=False),
)
SOURCE_EVENTS = Table(
    "source_events",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("source_id", String, nullable=False, index=True),
    Column("action", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", UtcTime, nullable=False),
)
TOMBSTONES = Table(
    "tombstones",
    SCHEMA,
    Column("mac", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("erased_at", UtcTime, nullable=False),
)
ERASED_NAMES = Table(
    "erased_names",
    SCHEMA,
    Column("source_id", String, primary_key=True),
    Column("name", String, primary_key=True),
)
"""What an erasure at work has still to blank elsewhere; empty when it has ended."""
SECRETS = Table(
    "secrets",
    SCHEMA,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
VIEWS = Table(
    "views",
    SCHEMA,
    Column("view", String, primary_key=True),
    Column("sources", String, nullable=False),
    Column("compartments", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)
DECISION_ROWS = Table(
    "decisions",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("left", String, nullable=False),
    Column("right", String, nullable=False),
    Column("ruling", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Column("cites", String),
    Column("source_id", String, index=True),
    Column("grade", String, nullable=False),
    Column("kind", String, nullable=False),
)
SHOWN_ROWS = Table(
    "decisions_shown",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run_id", String, nullable=False),
    Column("view", String, nullable=False),
    Column("proposed", String),
    Column("bits", Float),
)
BESIDE_ROWS = Table(
    "decisions_beside",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("side", String, primary_key=True),
    Column("account_id", String, primary_key=True),
)
"""Who stood beside the `left` or the `right` of a decision, see `persona_mates`."""
PUBLIC_ROWS = Table(
    "public_values",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("value", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("undone_by", String),
    Column("undone_why", String),
    Column("undone_at", UtcTime),
)
RUNS = Table(
    "runs",
    SCHEMA,
    Column("run_id", String, primary_key=True),
    Column("view", String, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("run_hash", String),
    Column("published_at", UtcTime),
)
PERSONA_ACCOUNTS = Table(
    "persona_accounts",
    SCHEMA,
    Column("run_id", String, primary_key=True),
    Column("account_id", String, primary_key=True),
    Column("persona_id", String, nullable=False, index=True),
)
PERSONA_RESTS = Table(
    "persona_rests",
    SCHEMA,
    Column("run_id", String, primary_key=True),
    Column("account_id", String, primary_key=True),
    Column("persona_id", String, nullable=False),
)
PERSONA_SUCCESSORS = Table(
    "persona_successors",
    SCHEMA,
    Column("persona_id", String, primary_key=True),
    Column("successor_id", String, nullable=False),
    Column("run_id", String, nullable=False),
)
MODEL_ACTIVATIONS = Table(
    "model_activations",
    SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", String, nullable=False),
    Column("model_hash", String),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("undoes", Integer),
)
