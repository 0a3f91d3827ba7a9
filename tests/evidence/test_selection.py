import numpy as np

from evidence.selection import keep_accounts, keep_grounds
from tests.builders import CorpusBuilder

BODY = "Ab3/" * 16
BLOCK = f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{BODY}\n-----END PGP PUBLIC KEY BLOCK-----"


def a_corpus():
    return (
        CorpusBuilder()
        .listing("harbour", "ada", title="tea", description="green tea")
        .post("harbour", "bea", body="nothing here")
        .post("harbour", "cleo", body=f"my key\n{BLOCK}")
        .build()
    )


def test_kept_accounts_are_renumbered_with_all_they_left():
    kept = keep_accounts(a_corpus(), np.array([True, False, True]))
    assert kept.accounts["handle"].to_list() == ["ada", "cleo"]
    assert kept.posts["account"].to_list() == [1]
    assert kept.texts["text"].to_list() == ["tea", "green tea", f"my key\n{BLOCK}"]
    assert kept.spans["text"].unique().to_list() == [2]


def test_keeping_everybody_changes_nothing():
    corpus = a_corpus()
    kept = keep_accounts(corpus, np.ones(3, bool))
    assert kept.accounts.equals(corpus.accounts)
    assert kept.texts.equals(corpus.texts)
    assert kept.spans.equals(corpus.spans)


def test_only_the_chosen_grounds_are_left_to_read():
    kept = keep_grounds(a_corpus(), ["title"])
    assert kept.texts["text"].to_list() == ["tea"]
    assert kept.spans.is_empty()
    assert kept.account_count == 3
