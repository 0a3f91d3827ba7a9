"""Masking is proved: whatever stood in the masked place, every score is the same to the bit."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evidence.archive import Archive
from evidence.assembly import TEXT_OF, assemble
from evidence.corpus import Corpus
from evidence.intake.intake import Wish, take_in
from evidence.masking import MASKED_KINDS, mask
from evidence.records import ACCOUNT_TABLES
from evidence.spans.extraction import extract
from evidence.workspace import Workspace
from features import assemble_features
from features.pairs import Pairs
from linkage.assessment import assess
from linkage.model import load_model
from linkage.readings import read
from world.invention import invent

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS = list("ghjkmnpqrstvwxyz")
"""No hexadecimal digits and no vowels: a token is no word, no address and no fingerprint."""
Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder: Path = tmp_path_factory.mktemp("masking")
    invent(folder / "world", 60, 11)
    workspace = Workspace(folder / "workspace")
    take_in([folder / "world" / "delivery"], Wish(), workspace, NOW)
    return Archive(workspace)


def bits_of(corpus: Corpus) -> tuple[list[str], np.ndarray, dict[str, np.ndarray]]:
    """Account ids; of every pair the total and the bits of each feature."""
    model = load_model()
    readings = [read(feature, corpus) for feature in assemble_features(model.fitted)]
    pairs = Pairs.of(*np.triu_indices(corpus.account_count, 1))
    scores = assess(corpus.accounts, readings, model.rules, pairs).scores
    return corpus.accounts["account_id"].to_list(), scores.total_bits, dict(scores.bits)


def token_of(rng: np.random.Generator, name: str) -> str:
    """A random name that has a word's edge where this one has one."""
    token = "".join(rng.choice(LETTERS, 12))
    first, last = name[0], name[-1]
    return (first if not first.isalnum() else "") + token + (last if not last.isalnum() else "")


def with_other_handles(tables: Tables) -> Tables:
    """Every handle, each mention of it, and each place where its owner writes it, replaced."""
    owners = [tables[name].select("market", "handle") for name in ACCOUNT_TABLES]
    names = pl.concat(owners)["handle"].unique().sort().to_list()
    rng = np.random.default_rng(5)
    tokens = {name: token_of(rng, name) for name in names}
    return {
        name: _renamed(table, TEXT_OF.get(name, {}), tokens) if name in ACCOUNT_TABLES else table
        for name, table in tables.items()
    }


def _renamed(table: pl.DataFrame, columns: dict[str, str], tokens: dict[str, str]) -> pl.DataFrame:
    by_name = {name.lower(): token for name, token in tokens.items()}
    longest = sorted((n for n in tokens if len(n) >= 4), key=len, reverse=True)
    mention = "|".join(rf"(?<![^\W_])(?<!_){re.escape(n)}(?![^\W_])(?!_)" for n in longest)
    handles = table["handle"].to_list()
    patterns = {
        handle: re.compile(f"{mention}|{re.escape(handle)}", re.IGNORECASE)
        for handle in set(handles)
    }
    new = {
        column: [
            text and outside_armor(text, patterns[handle], by_name)
            for text, handle in zip(table[column].to_list(), handles, strict=True)
        ]
        for column in columns
    }
    return table.with_columns(
        pl.Series("handle", [tokens[handle] for handle in handles]),
        *(pl.Series(column, texts, pl.String) for column, texts in new.items()),
    )


def outside_armor(text: str, pattern: re.Pattern[str], by_name: dict[str, str]) -> str:
    """The text with names replaced, but for what the base64 of an armor happens to spell."""
    pieces = re.split(
        r"(-----BEGIN PGP (?:PUBLIC|SIGNATURE).*?-----END PGP [A-Z ]+-----)", text, flags=re.DOTALL
    )
    pieces[::2] = [pattern.sub(lambda hit: by_name[hit[0].lower()], p) for p in pieces[::2]]
    return "".join(pieces)


def test_another_handle_everywhere_changes_no_score_once_handles_are_masked(archive: Archive):
    tables = archive.tables()
    shown, hidden = (assemble(t, archive.blobs) for t in (tables, with_other_handles(tables)))
    assert set(shown.accounts["handle"]).isdisjoint(hidden.accounts["handle"])
    assert_same_scores(shown, hidden, "handle", renamed_rows(tables, shown, hidden))


def renamed_rows(tables: Tables, shown: Corpus, hidden: Corpus) -> list[int]:
    """For each account of the one corpus its row in the other."""
    new = with_other_handles(tables)
    both = pl.concat(
        pl.DataFrame(
            {
                "old": table.select(pl.format("{}:{}", "market", "handle")).to_series(),
                "new": new[name].select(pl.format("{}:{}", "market", "handle")).to_series(),
            }
        )
        for name, table in tables.items()
        if name in ACCOUNT_TABLES
    ).unique()
    named = dict(both.iter_rows())
    row = {account: number for number, account in enumerate(hidden.accounts["account_id"])}
    return [row[named[account]] for account in shown.accounts["account_id"]]


def assert_same_scores(one: Corpus, other: Corpus, what: str, rows: list[int]) -> None:
    """Every bit of every pair of the one equals that of its pair in the other."""
    ids, total, bits = bits_of(mask(one, {what}))
    _, other_total, other_bits = bits_of(mask(other, {what}))
    place = np.zeros((len(ids), len(ids)), np.int64)
    upper = np.triu_indices(len(ids), 1)
    place[upper] = np.arange(len(upper[0]))
    place = np.maximum(place, place.T)
    moved = np.array(rows)
    counterpart = place[moved[upper[0]], moved[upper[1]]]
    for name in bits:
        assert np.array_equal(bits[name], other_bits[name][counterpart], equal_nan=True), name
    assert np.array_equal(total, other_total[counterpart])


CONTACTS = (
    (
        "write to {}",
        ("salt.miller@post.example", "q@x.example", "a.very.long.name@mail.example.org"),
    ),
    ("pay {} please", ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")),
    ("see {} for more", ("http://shop.example/one", "www.another-shop.example/list?page=2")),
    ("our mirror {}", ("expyuzz4wqqyqhjn.onion", "facebookcorewwwi.onion")),
    ("jabber: {}", ("salt@jabber.example", "miller@xmpp.example.org")),
)


def with_contacts(corpus: Corpus) -> Corpus:
    """The same with a contact at the end of every third text that is prose."""
    prose = pl.col("ground").is_in(["post", "profile", "description"])
    texts = corpus.texts.with_row_index("number").with_columns(
        text=pl.when(prose & (pl.col("number") % 3 == 0))
        .then(pl.format("{} {}", "text", planted(corpus.texts.height)))
        .otherwise("text")
    )
    return of_texts(corpus, texts["text"])


def planted(count: int) -> pl.Series:
    sentences = [frame.format(value) for frame, values in CONTACTS for value in values]
    return pl.Series((sentences * (count // len(sentences) + 1))[:count])


def of_texts(corpus: Corpus, texts: pl.Series) -> Corpus:
    spans = extract(texts, corpus.accounts["handle"])
    return replace(corpus, texts=corpus.texts.with_columns(text=texts), spans=spans)


def with_other_values(corpus: Corpus, what: str) -> Corpus:
    """Every value of a kind replaced by the next one of its kind, wherever it stands."""
    kinds = MASKED_KINDS[what]
    spans = corpus.spans.filter(pl.col("kind").is_in(kinds)).sort("text", "start", "end")
    outer = spans.filter(
        (pl.col("start") >= pl.col("end").cum_max().shift(1).over("text")).fill_null(value=True)
    )
    bodies = corpus.texts["text"].to_list()
    raw = [
        bodies[text][start:end] for text, start, end in outer["text", "start", "end"].iter_rows()
    ]
    new = next_of(outer["kind"].to_list(), raw)
    places = zip(outer["text", "start", "end"].iter_rows(), raw, strict=True)
    for (text, start, end), value in reversed(list(places)):
        bodies[text] = bodies[text][:start] + new[value] + bodies[text][end:]
    return of_texts(corpus, pl.Series(bodies))


def next_of(kinds: list[str], values: list[str]) -> dict[str, str]:
    """For each value the next one of its kind, round and round."""
    found: dict[str, dict[str, None]] = {}
    for kind, value in zip(kinds, values, strict=True):
        found.setdefault(kind, {})[value] = None
    following = {}
    for ring in map(list, found.values()):
        following |= dict(zip(ring, ring[1:] + ring[:1], strict=True))
    return following


@pytest.mark.parametrize("what", ["key", "contact"])
def test_another_value_in_its_place_changes_no_score_once_it_is_masked(archive: Archive, what: str):
    corpus = with_contacts(assemble(archive.tables(), archive.blobs))
    other = with_other_values(corpus, what)
    changed = (corpus.texts["text"] != other.texts["text"]).sum()
    assert changed > 20
    assert_same_scores(corpus, other, what, list(range(corpus.account_count)))
