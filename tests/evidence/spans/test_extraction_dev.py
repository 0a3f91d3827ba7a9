"""Real forum posts and keys: counts only, none of their words."""

import os
from pathlib import Path

import polars as pl
import pytest

from evidence.spans.extraction import extract

DATA = Path(os.environ.get("SAMEHAND_TEST_DATA", "/none")) / "dev"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="SAMEHAND_TEST_DATA does not name a folder with dev/"
    ),
]


def read(name):
    return pl.read_csv(DATA / name, infer_schema_length=0)


def test_nearly_every_posted_key_block_is_whole_and_talk_about_them_is_none():
    blocks = read("sr1_pgp_keys.csv.gz")["key"]
    spans = extract(blocks)
    counts = dict(spans["kind"].value_counts().iter_rows())
    assert counts["key_block"] >= 390
    assert counts["key_block_cut"] <= 10
    assert blocks.len() - spans["text"].n_unique() <= 15


def test_real_posts_are_read_the_same_whatever_stands_around_them():
    posts = read("sr1_forum_posts.csv.gz")
    bodies, handles = posts["body"].fill_null(""), posts["author"].unique()
    spans = extract(bodies, handles)
    some = bodies.gather_every(40)
    alone = extract(some)
    handles_apart = ~pl.col("kind").is_in(["mention", "handle_word"])
    same = spans.filter(pl.col("text") % 40 == 0, handles_apart)
    assert alone.equals(same.with_columns(pl.col("text") // 40))
    sizes = bodies.gather(spans["text"]).str.len_chars()
    assert ((spans["start"] < spans["end"]) & (spans["end"] <= sizes)).all()
    assert spans.filter(kind="mention")["value"].value_counts()["count"].max() < 500
