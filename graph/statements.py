"""Every query, by name: the files of `cypher/`, one statement each.

The first line of a file says whether it reads or writes, and what for; the code holds it to that,
since one of the engines does not.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "cypher"


@dataclass(frozen=True)
class Statement:
    """One query: its file's name, its text, and whether it writes."""

    name: str
    text: str
    writes: bool


def load(name: str) -> Statement:
    """Read `cypher/NAME.cypher`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: its first line is not `// READ: …` or `// WRITE: …`.
    """
    head, _, text = (FOLDER / f"{name}.cypher").read_text(encoding="utf-8").partition("\n")
    if not head.startswith(("// READ: ", "// WRITE: ")):
        raise ValueError(f"cypher/{name}.cypher: the first line must say READ or WRITE, and why")
    return Statement(name, text, writes=head.startswith("// WRITE: "))


CONSTRAINTS = tuple(
    load(f"{name}_create")
    for name in (
        "account_key",
        "market_key",
        "link_key",
        "persona_key",
        "run_key",
        "pointer_key",
        "pgp_key_key",
        "photo_key",
        "contact_key",
        "wallet_key",
    )
)
INDEXES = tuple(
    load(f"{name}_create")
    for name in (
        "account_handle",
        "account_folded_handle",
        "link_slot",
        "link_queue_key",
        "persona_slot",
    )
)
CREATE_ACCOUNT_GRAMS = load("account_grams_create")
AWAIT_INDEXES = load("indexes_await")
EMBEDDED_SCHEMA = (FOLDER / "embedded_schema_create.sql").read_text(encoding="utf-8")

HELD_MARKETS = load("markets_held")
HELD_ACCOUNTS = load("accounts_held")
HELD_LINKS = load("links_held")
HELD_PERSONAS = load("personas_held")
HELD_FLOWS = load("flows_held")
COUNT_SLOT = load("slot_count")

WRITE_RUN = load("run_write")
WRITE_MARKETS = load("markets_write")
REMOVE_MARKETS = load("markets_remove")
WRITE_ACCOUNTS = load("accounts_write")
REMOVE_ACCOUNTS = load("accounts_remove")
REMOVE_SHOWN = load("shown_remove")
WRITE_SHOWN = tuple(
    load(f"{name}_write") for name in ("shown_keys", "proved_keys", "photos", "contacts", "wallets")
)
WRITE_LINKS = load("links_write")
REMOVE_LINKS = load("links_remove")
WRITE_PERSONAS = load("personas_write")
REMOVE_PERSONAS = load("personas_remove")
REMOVE_MEMBERS = load("members_remove")
WRITE_FLOWS = load("flows_write")
REMOVE_FLOWS = load("flows_remove")
MOVE_POINTER = load("pointer_move")
REMOVE_POINTER = load("pointer_remove")
CLEAR_GRAPH = load("graph_clear")

READ_POINTER = load("pointer_read")
READ_ACCOUNT = load("account_read")
FIND_EXACT = load("accounts_find_exact")
FIND_FOLDED = load("accounts_find_folded")
FIND_FUZZY = load("accounts_find_fuzzy")
DESCRIBE_ACCOUNTS = load("accounts_describe")
READ_LINK = load("link_read")
LINKS_OF_ACCOUNT = load("links_of_account")
LINKS_IN_BUCKET = load("links_in_bucket")
READ_PERSONA = load("persona_read")
LIST_MARKETS = load("markets_list")
LIST_FLOWS = load("flows_list")
NEIGHBOURS_LINKED = load("neighbours_linked")
NEIGHBOURS_VALUES = load("neighbours_values")
NEIGHBOURS_SHARING = load("neighbours_sharing")
EDGES_LINKED = load("edges_linked")
EDGES_SHOWN = load("edges_shown")
