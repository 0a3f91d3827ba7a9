"""How each account shows each key: as its own, without a word, or as somebody else's."""

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.extraction import ARMOR_KINDS
from features.keys.cues import FOREIGN, PLACED, SAID, SILENT, hear
from features.keys.displays import Displays
from features.keys.names import names_in
from features.keys.talk import Span, Talk, Title, Words

TALK = ("post_title", "post")
"""Grounds on which people speak of anybody's key."""
PLACES = ("text", "account", "key", "start", "end")
REPLY = r"(?i)^\s*(?:re|aw|sv|antw|rif|odp)\s*:"
"""A reply bears the title of who opened the thread: that one's words."""

VOICES = pl.Schema(
    {
        "account": pl.UInt32,
        "key": pl.UInt32,
        "text": pl.UInt32,
        "quoted": pl.Boolean,
        "talk": pl.Boolean,
        "voice": pl.Int8,
        "pointed": pl.String,
    }
)
"""One row for each time a key stands in a text. `talk`: in a conversation. `voice`: FOREIGN,
SILENT, PLACED or SAID, see `cues`. `pointed`: the handle, in lower case, whose key the words say it
is, or the name in the key's user id that they give; null where they name nobody."""


def read_voices(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """The columns `VOICES`, sorted by (account, key, text).

    In a conversation the words decide (`cues.hear`); of several keys in one text those that no word
    claims are somebody else's. A key on a profile or in a listing is placed where one shows one's
    own, unless several stand there or the words say otherwise; so is one that was delivered in the
    row of a profile or listing, or of an account that sells. Of a key that was delivered by itself
    nobody knows where it stood: where a post of the account holds it, the post tells, elsewhere
    nothing does.
    """
    rows = _blocks(corpus, displays)
    worded = rows.filter(pl.col("ground") != "key")
    heard = _heard(corpus, worded, displays)
    delivered = rows.filter(pl.col("ground") == "key").with_columns(
        voice=pl.lit(SILENT, pl.Int8), pointed=pl.lit(None, pl.String)
    )
    told = worded.filter("talk").select("account", "key").unique()
    apart = delivered.join(told, on=["account", "key"], how="anti")
    both = pl.concat([worded.hstack(heard), apart.select(*worded.columns, *heard.columns)])
    return (
        both.with_columns(voice=_placed(both))
        .select(VOICES.names())
        .cast(VOICES)
        .sort(VOICES.names())
    )


def _blocks(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """Every display with its ground and place, and how many keys its text holds."""
    numbers = pl.int_range(pl.len(), dtype=pl.UInt32)
    grounds = corpus.texts.select("ground", "source_id", "place", text=numbers)
    beside = pl.concat(
        [table.select("account", "source_id", "place") for table in _own_rows(corpus)]
    ).unique()
    sellers = corpus.listings["account"].unique().implode()
    several = pl.col("key").n_unique().over("text") > 1
    return (
        displays.rows.join(grounds, on="text")
        .join(beside.with_columns(beside=True), on=["account", "source_id", "place"], how="left")
        .with_columns(
            beside=pl.col("beside").fill_null(value=False) | pl.col("account").is_in(sellers),
            talk=pl.col("ground").is_in(TALK),
            several=several,
        )
        .sort("account", "key", "text", "start")
    )


def _own_rows(corpus: Corpus) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows in which an account speaks of itself or its goods."""
    return corpus.profiles, corpus.listings


def _placed(rows: pl.DataFrame) -> pl.Expr:
    """The voice, once it is known where the key stands and what else stands there."""
    silent, unsaid = pl.col("voice") == SILENT, pl.col("voice") < SAID
    own_place = pl.when(pl.col("ground") == "key").then(pl.col("beside")).otherwise(~pl.col("talk"))
    return (
        pl.when(pl.col("quoted") | (unsaid & pl.col("talk") & pl.col("several")))
        .then(pl.lit(FOREIGN))
        .when(silent & own_place & ~pl.col("several"))
        .then(pl.lit(PLACED))
        .otherwise(pl.col("voice"))
    )


def _heard(corpus: Corpus, rows: pl.DataFrame, displays: Displays) -> pl.DataFrame:
    """(voice, pointed) of n displays in texts, in their order."""
    titles = _titles(corpus, rows["text"].unique().sort())
    spans = _spans(corpus, rows["text"], titles)
    writing = set(_writing(corpus))
    handles = corpus.accounts["handle"].str.to_lowercase()
    bodies = corpus.texts["text"]
    heard = []
    talks: dict[int, Talk] = {}
    for text, account, key, start, end in rows.select(PLACES).iter_rows():
        if text not in talks:
            number, opened = titles.get(text, (None, False))
            words = Words("", ()) if number is None else Words(bodies[number], spans[number])
            talks[text] = Talk(
                Words(bodies[text], spans[text]),
                Title(words, opened),
                handles[account],
                writes=text in writing,
            )
        around = talks[text].beside(start, end, names_in(displays.keys[key]))
        said = hear(around)
        named = talks[text].names.get(said.name or "", around.bears)
        heard.append((said.voice, named if said.voice == FOREIGN else None))
    return pl.DataFrame(heard, schema={"voice": pl.Int8, "pointed": pl.String}, orient="row")


def _writing(corpus: Corpus) -> pl.Series:
    """The texts in which somebody writes an encrypted message, outside quotations."""
    found = corpus.spans.filter((pl.col("kind") == "encrypted_message") & ~pl.col("quoted"))
    return found["text"].unique().sort()


def _titles(corpus: Corpus, texts: pl.Series) -> dict[int, tuple[int, bool]]:
    """By the number of a post the one of its title, and whether the post opened the thread."""
    numbered = corpus.texts.select(
        "row_id", "ground", "text", number=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    posts = numbered.filter((pl.col("ground") == "post") & pl.col("number").is_in(texts.implode()))
    titles = numbered.filter(pl.col("ground") == "post_title").select(
        "row_id", title="number", opened=~pl.col("text").str.contains(REPLY)
    )
    pairs = posts.join(titles, on="row_id").unique("number").sort("number")
    rows = pairs.select("number", "title", "opened").iter_rows()
    return {number: (title, opened) for number, title, opened in rows}


def _spans(
    corpus: Corpus, texts: pl.Series, titles: dict[int, tuple[int, bool]]
) -> dict[int, list[Span]]:
    """(start, end, handle) of mentions, the longest last, and of armor, where handle is None."""
    wanted = pl.concat(
        [texts, pl.Series([title for title, _ in titles.values()], dtype=pl.UInt32)]
    ).unique()
    mention = pl.col("kind") == "mention"
    chosen = (
        corpus.spans.filter(pl.col("text").is_in(wanted.implode()))
        .filter(mention | pl.col("kind").is_in([*ARMOR_KINDS]))
        .with_columns(handle=pl.when(mention).then("value"))
        .sort("text", pl.col("end") - pl.col("start"), "start", "handle")
    )
    found: dict[int, list[Span]] = {text: [] for text in wanted.to_list()}
    for text, start, end, handle in chosen.select("text", "start", "end", "handle").iter_rows():
        found[text].append((start, end, handle))
    return found
