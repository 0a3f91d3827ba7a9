"""The two measurements of `samehand evaluate`, against answers known beforehand."""

from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.rulings import PUBLIC_VALUES, Rulings
from evidence.splitting import TimeSplit
from features import FEATURES
from linkage import trials
from linkage.model import load_model
from linkage.trials import Answer, Judged, Question, time_trial, truth_trial
from tests.builders import CorpusBuilder, decision_rows
from tests.hands import Hand, a_forum
from tests.keys import key_maker

MODEL = load_model()
KEPT = ("quillwhistle", "saltmarsh", "copperkettle")
HANDS = {
    "harbour": (*KEPT, "tinderbox", "gravelpath", "bluebottle"),
    "lantern": (*KEPT, "t1nderb0x", "umbrella", "zephyrine", "wickerwork"),
}
PARTNERS = [
    *((kept, kept) for kept in KEPT),
    ("tinderbox", "t1nderb0x"),
    ("gravelpath", "umbrella"),
]


def a_question(**changes) -> Question:
    return replace(Question(MODEL, (), None, None, 0, {}), **changes)


def a_truth(pairs, left="harbour", right="lantern") -> pl.DataFrame:
    rows = [(f"{left}:{a}", f"{right}:{b}", True, None, left, right) for a, b in pairs]
    columns = dict.fromkeys(("left", "right", "same", "kind", "market_a", "market_b"), pl.String)
    return pl.DataFrame(rows, schema={**columns, "same": pl.Boolean}, orient="row")


def two_markets() -> CorpusBuilder:
    builder = CorpusBuilder()
    for market, handles in HANDS.items():
        for handle in handles:
            builder.listing(market, handle, title=f"tin pan of {market}")
    return builder


def everybody(corpus: Corpus) -> Judged:
    return Judged(np.ones(corpus.account_count, np.bool_))


def by_handles(truth=None, where=None, **changes) -> Answer:
    corpus = two_markets().build()
    question = a_question(**({"only": ["alias"]} | changes))
    truth = a_truth(PARTNERS) if truth is None else truth
    return truth_trial(corpus, truth, where or everybody(corpus), question, lambda _: None)


def test_kept_handles_are_found_first_and_a_changed_one_comes_after_all_others():
    found = by_handles().by_task["harbour / lantern"]
    assert found.query_count == 10
    assert found.recall_at_1.value == pytest.approx(8 / 10)
    assert found.recall_at_10.value == 1
    assert found.mean_reciprocal_rank.value == pytest.approx((8 + 1 / 7 + 1 / 6) / 10)


def test_every_query_meets_every_account_of_the_other_market():
    answer = by_handles()
    queries = {market: [pair[side] for pair in PARTNERS] for side, market in enumerate(HANDS)}
    expected = {
        (here, query, there, other)
        for here, there in (("harbour", "lantern"), ("lantern", "harbour"))
        for query in queries[here]
        for other in HANDS[there]
    }
    rows = answer.scores.select("left_market", "left_handle", "right_market", "right_handle").rows()
    assert len(rows) == len(expected) == 65
    assert set(rows) == expected


def test_the_scores_name_each_feature_and_add_up_to_the_total():
    names = [
        "left_market",
        "left_handle",
        "right_market",
        "right_handle",
        "total_bits",
        "copying_bits",
    ]
    corpus = two_markets().build()
    answer = truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), a_question(), lambda _: None)
    assert answer.scores.columns == [*names, *(f"{feature.name}_bits" for feature in FEATURES)]
    assert answer.scores["pgp_key_bits"].null_count() == answer.scores.height
    rest = answer.scores.select(
        pl.col("total_bits") - pl.col("alias_bits") - pl.col("copying_bits")
    ).to_series()
    assert rest.to_numpy() == pytest.approx(rest[0])


def test_the_scores_have_handles_whole_also_those_with_a_colon():
    corpus = two_markets().listing("harbour", "tin:der:box", title="tin pan").build()
    asked = a_question(only=["alias"])
    answer = truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), asked, lambda _: None)
    assert "tin:der:box" in answer.scores["right_handle"]


def test_only_the_markets_asked_for_take_part():
    corpus = two_markets().build()
    where = replace(everybody(corpus), query_market="lantern", gallery_market="harbour")
    answer = by_handles(where=where)
    assert answer.scores["left_market"].unique().to_list() == ["lantern"]
    assert answer.by_task["harbour / lantern"].query_count == 5
    assert answer.by_task["harbour / lantern"].pair_count == 30


def test_what_is_judged_on_a_market_that_is_left_out_is_judged_by_a_model_that_never_saw_it():
    builder = two_markets()
    for name in ("saltmarsh", "wickerwork"):
        builder.listing("quay", name, title=f"tin pan of {name}")
    corpus = builder.build()
    moved = a_truth([("saltmarsh", "saltmarsh")], right="quay")
    truth = pl.concat([a_truth(PARTNERS), moved])
    where = replace(everybody(corpus), left_out="quay")
    asked = a_question(fold_count=1, only=["alias"])
    answer = truth_trial(corpus, truth, where, asked, lambda _: None)
    assert list(answer.by_task) == ["harbour / quay"]
    assert answer.pooled.query_count == 2
    on_quay, elsewhere_of_its_hand = (corpus.accounts["market"] == "quay").sum(), 2
    [count] = answer.training_account_counts
    assert count == corpus.account_count - on_quay - elsewhere_of_its_hand


def test_a_market_of_which_the_truth_says_nothing_cannot_be_left_out():
    corpus = two_markets().listing("quay", "newcomer", title="tin").build()
    where, truth = replace(everybody(corpus), left_out="quay"), a_truth(PARTNERS)
    with pytest.raises(RefusedInput, match="no pair of the truth has an account on market quay"):
        truth_trial(corpus, truth, where, a_question(), lambda _: None)


def test_a_market_that_nobody_stands_on_is_refused_with_those_there_are():
    corpus = two_markets().build()
    where = replace(everybody(corpus), query_market="harbor")
    with pytest.raises(RefusedInput, match="no account on market harbor; there are harbour, lan"):
        by_handles(where=where)


def test_accounts_with_too_few_records_neither_ask_nor_stand_in_the_gallery():
    corpus = two_markets().build()
    enough = np.array([i != "lantern:saltmarsh" for i in corpus.accounts["account_id"]])
    found = by_handles(where=Judged(enough)).by_task["harbour / lantern"]
    assert found.query_count == 8
    assert found.pair_count == 4 * 6 + 4 * 6


def test_a_hidden_handle_finds_nobody():
    found = by_handles(masked=("handle",)).pooled
    assert found is not None
    assert found.recall_at_1.value == 0
    assert found.mean_reciprocal_rank.value == pytest.approx((1 / 7 + 1 / 6) / 2)


def test_pairs_of_accounts_that_are_not_here_are_counted():
    answer = by_handles(a_truth([*PARTNERS, ("quillwhistle", "nobody"), ("no", "one")]))
    assert (answer.absent_pair_count, answer.truth_pair_count) == (2, 7)


def test_a_truth_of_accounts_that_are_not_here_has_no_ranking():
    answer = by_handles(a_truth([("no", "one")]))
    assert answer.pooled is None
    assert answer.by_task == {}
    assert answer.scores.is_empty()


def test_bands_are_those_of_the_links_that_a_run_would_propose():
    lead = by_handles().bands[0]
    assert (lead.band, lead.proposed_count, lead.true_count) == ("lead", 3, 5)
    assert lead.precision.value == 1
    assert lead.recall.value == pytest.approx(3 / 5)


@pytest.fixture(scope="module")
def movers() -> Corpus:
    """Eight hands on two markets and three of them on a third, under handles that say nothing."""
    rng = np.random.default_rng(3)
    builder = CorpusBuilder()
    for market, count in (("harbour", 8), ("lantern", 8), ("quay", 3)):
        for number in range(count):
            for _ in range(6):
                builder.post(market, f"{market[0]}{number}", Hand(200 + number).post(rng))
    return builder.build()


def moves(shift: int = 0) -> pl.DataFrame:
    across = [(f"h{n}", f"l{(n + shift) % 8}") for n in range(8)]
    return pl.concat(
        [a_truth(across), a_truth([(f"h{n}", f"q{n}") for n in range(3)], right="quay")]
    )


def by_style(movers: Corpus, truth: pl.DataFrame) -> Answer:
    question = a_question(only=["writing_style"])
    return truth_trial(movers, truth, everybody(movers), question, lambda _: None)


@pytest.fixture(scope="module")
def measured(movers: Corpus) -> Answer:
    return by_style(movers, moves())


def plainly(scores: pl.DataFrame, truth: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Figures by market pair, from the scores file and the truth alone, by loops."""
    hands = nx.connected_components(nx.Graph(truth.select("left", "right").rows()))
    same = {frozenset(pair) for hand in hands for pair in combinations(hand, 2)}
    by_task = defaultdict(list)
    for row in scores.iter_rows(named=True):
        query, other = (f"{row[f'{s}_market']}:{row[f'{s}_handle']}" for s in ("left", "right"))
        task = " / ".join(sorted((row["left_market"], row["right_market"])))
        true = frozenset((query, other)) in same
        by_task[task].append((query, frozenset((query, other)), row["total_bits"], true))
    return {task: figures_of(rows) for task, rows in by_task.items()}


def figures_of(rows) -> dict[str, float]:
    ranks = []
    for query in sorted({row[0] for row in rows}):
        bits = [(bits, true) for asked, _, bits, true in rows if asked == query]
        best = max(value for value, true in bits if true)
        ranks.append(1 + sum(value >= best for value, true in bits if not true))
    ordered = sorted(rows, key=lambda row: (-row[2], row[3]))
    precisions, hits = [], 0
    for place, row in enumerate(ordered, 1):
        if row[3]:
            hits += 1
            precisions.append(hits / place)
    best_pairs = {row[1]: row[3] for row in reversed(ordered)}
    first = list(dict.fromkeys(row[1] for row in ordered))[:50]
    places = -np.arange(len(ordered), dtype=float)
    mean_precision = sum(precisions) / len(precisions)
    assert mean_precision == pytest.approx(
        average_precision_score([row[3] for row in ordered], places), abs=1e-12
    )
    return {
        "query_count": len(ranks),
        "recall_at_1": sum(rank == 1 for rank in ranks) / len(ranks),
        "recall_at_10": sum(rank <= 10 for rank in ranks) / len(ranks),
        "mean_reciprocal_rank": sum(1 / rank for rank in ranks) / len(ranks),
        "average_precision": mean_precision,
        "precision_of_best": sum(best_pairs[pair] for pair in first) / len(first),
    }


def value(figures, name: str) -> float:
    found = getattr(figures, name)
    return getattr(found, "value", found)


def test_figures_are_those_that_the_scores_file_gives_by_plain_loops(measured: Answer):
    expected = plainly(measured.scores, moves())
    assert set(expected) == set(measured.by_task)
    assert set(expected) == {"harbour / lantern", "harbour / quay", "lantern / quay"}
    for task, figures in expected.items():
        for name, figure in figures.items():
            assert value(measured.by_task[task], name) == pytest.approx(figure, abs=1e-9), name


def test_pooled_figures_weigh_market_pairs_by_their_queries(measured: Answer):
    tasks = plainly(measured.scores, moves()).values()
    for name in ("recall_at_1", "mean_reciprocal_rank", "average_precision"):
        pooled = sum(task[name] * task["query_count"] for task in tasks) / 28
        assert value(measured.pooled, name) == pytest.approx(pooled, abs=1e-9)


def test_market_pairs_with_five_pairs_are_pooled_by_themselves_as_well(measured: Answer):
    assert measured.pooled is not None
    assert measured.pooled.query_count == 28
    assert measured.pooled_enough == measured.by_task["harbour / lantern"]
    assert by_handles().pooled_enough is None


def test_partners_that_were_shuffled_are_found_by_chance(movers: Corpus, measured: Answer):
    """Shifted eight ways, each query's first hit is its partner just once."""
    shifted = [by_style(movers, moves(shift)) for shift in range(1, 8)]
    found = [value(a.by_task["harbour / lantern"], "recall_at_1") for a in (measured, *shifted)]
    assert found[0] > 0.7
    assert np.mean(found) == pytest.approx(1 / 8)


CUT = TimeSplit(per_side=10, min_records=20, min_chars=1000)


@pytest.fixture(scope="module")
def forum() -> Corpus:
    return a_forum(12, 24).post("harbour", "newcomer", "one post of a newcomer, no more").build()


def test_early_halves_find_their_late_ones(forum: Corpus):
    answer = time_trial(forum, CUT, a_question(), lambda _: None)
    figures = answer.by_task["early against late"]
    assert (figures.query_count, figures.pair_count) == (12, 144)
    assert figures.recall_at_1.value > 0.7
    assert answer.training_account_counts == []
    assert set(answer.scores["left_handle"]) == {f"author{n}" for n in range(12)}
    own = answer.scores.filter(pl.col("left_handle") == pl.col("right_handle"))
    assert own["total_bits"].median() > answer.scores["total_bits"].quantile(0.9)


def test_figures_of_a_time_split_are_those_that_its_scores_give(forum: Corpus):
    answer = time_trial(forum, CUT, a_question(), lambda _: None)
    bits, true = answer.scores.select(
        "total_bits", true=pl.col("left_handle") == pl.col("right_handle")
    )
    order = np.lexsort((true, -bits.to_numpy()))
    expected = average_precision_score(true.to_numpy()[order], -np.arange(len(order), dtype=float))
    found = answer.by_task["early against late"].average_precision.value
    assert found == pytest.approx(expected, abs=1e-9)


class Refits:
    """Stands where the training does; remembers whom it was given."""

    def __init__(self) -> None:
        self.members: list[set[str]] = []

    def __call__(self, model, corpus, members, only=None):
        ids = corpus.accounts["account_id"].to_list()
        self.members.append({name for name, kept in zip(ids, members, strict=True) if kept})
        return model


@pytest.fixture
def refits(monkeypatch: pytest.MonkeyPatch) -> Refits:
    spy = Refits()
    monkeypatch.setattr(trials, "refit", spy)
    return spy


def test_no_fold_is_judged_by_a_fit_on_its_own_accounts(forum: Corpus, refits: Refits):
    answer = time_trial(forum, CUT, a_question(fold_count=3), lambda _: None)
    everyone = set(forum.accounts["account_id"])
    held = [everyone - members for members in refits.members]
    assert [len(accounts) for accounts in held] == [4, 4, 4]
    assert set.union(*held) == everyone - {"harbour:newcomer"}
    assert list(answer.training_account_counts) == [9, 9, 9]
    judged = {
        frozenset(f"harbour:{name}" for name in pair)
        for pair in answer.scores.select("left_handle", "right_handle").iter_rows()
    }
    assert all(any(pair <= accounts for accounts in held) for pair in judged)
    assert answer.scores.height == 3 * 4 * 4


def test_a_truth_is_judged_by_a_fit_without_its_handles_on_any_market(refits: Refits):
    corpus = two_markets().listing("quay", "SaltMarsh", title="tin pan").build()
    question = a_question(only=["alias"], fold_count=1)
    answer = truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), question, lambda _: None)
    (members,) = refits.members
    assert members == {"harbour:bluebottle", "lantern:zephyrine", "lantern:wickerwork"}
    assert list(answer.training_account_counts) == [3]


def test_a_truth_in_folds_is_judged_by_fits_on_the_others(refits: Refits):
    corpus, truth = two_markets().build(), a_truth(PARTNERS)
    answers = [
        truth_trial(corpus, truth, everybody(corpus), question, lambda _: None)
        for question in (a_question(only=["alias"], fold_count=count) for count in (2, 1))
    ]
    without_any, *folds, alone = refits.members
    assert without_any == alone == set.intersection(*folds)
    assert all(without_any < members for members in folds)
    assert answers[0].pooled.recall_at_1 == answers[1].pooled.recall_at_1
    assert answers[0].scores.height == answers[1].scores.height


def test_who_has_a_judged_author_s_handle_elsewhere_is_not_in_the_fit_that_judges_him(
    refits: Refits,
):
    corpus = a_forum(4, 24).listing("quay", "Author1", title="tin pan").build()
    time_trial(corpus, CUT, a_question(fold_count=2), lambda _: None)
    for members in refits.members:
        assert ("quay:Author1" in members) == ("harbour:author1" in members)
    assert sum("quay:Author1" in members for members in refits.members) == 1


def ruled_one(*pairs: tuple[str, str]) -> Rulings:
    return replace(Rulings.none(), decisions=pl.concat(a_decision(*pair) for pair in pairs))


def a_decision(left: str, right: str) -> pl.DataFrame:
    return decision_rows([(left, right, "same", "ada", "seen", None)])


def test_authors_that_a_person_ruled_one_are_dealt_into_one_fold_and_drawn_together(
    forum: Corpus, refits: Refits
):
    ruled = ruled_one(*[("harbour:author0", f"harbour:author{n}") for n in range(1, 6)])
    question = a_question(fold_count=3, rulings=ruled)
    answer = time_trial(forum, CUT, question, lambda _: None)
    one = {f"harbour:author{n}" for n in range(6)}
    assert sorted(len(one & members) for members in refits.members) == [0, 6, 6]
    assert answer.entity_count == 7


def test_the_truth_of_an_account_s_other_handle_keeps_it_out_of_the_fit(refits: Refits):
    """Umbrella was ruled to be wickerwork, and wickerwork's handle stands on the quay as well."""
    corpus = two_markets().listing("quay", "wickerwork", title="tin pan").build()
    ruled = ruled_one(("lantern:umbrella", "lantern:wickerwork"))
    question = a_question(only=["alias"], fold_count=1, rulings=ruled)
    truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), question, lambda _: None)
    (members,) = refits.members
    assert members == {"harbour:bluebottle", "lantern:zephyrine"}


def test_a_key_that_was_ruled_public_links_nobody_here_either():
    builder = two_markets()
    with key_maker() as maker:
        key = maker.key("quillwhistle <q@x.example>")
        for market in HANDS:
            builder.key(market, "quillwhistle", maker.block(key))
    values = {"kind": "key", "value": key, "reason": "the market's own"}
    public = pl.DataFrame([values], schema=PUBLIC_VALUES.schema)
    corpus, where = builder.build(), a_truth(PARTNERS)
    bits = []
    for rulings in (Rulings.none(), replace(Rulings.none(), public_values=public)):
        question = a_question(only=["pgp_key"], rulings=rulings)
        answer = truth_trial(corpus, where, everybody(corpus), question, lambda _: None)
        bits.append(answer.scores["pgp_key_bits"].drop_nulls().to_list())
    assert len(bits[0]) == 2
    assert bits[1] == []


def test_of_an_empty_proposal_and_a_single_query_the_figures_are_not_defined_but_there():
    answer = by_handles(a_truth([("gravelpath", "umbrella")]))
    lead = answer.bands[0]
    assert (lead.proposed_count, lead.true_count) == (0, 1)
    assert lead.precision is None
    assert lead.recall is not None and lead.recall.value == 0
    assert answer.personas is not None and answer.reliability is not None
    assert answer.personas.false_merge_share is None
    assert answer.personas.pairwise.precision is None
    assert answer.reliability.overall.stated is None
    assert answer.pooled is not None and answer.pooled.query_count == 2


def test_a_truth_without_a_pair_is_measured_and_says_nothing():
    answer = by_handles(a_truth([]))
    assert (answer.entity_count, answer.pooled) == (0, None)
    assert [band.recall for band in answer.bands] == [None] * 3
    assert answer.personas is not None
    assert answer.personas.b_cubed.precision is None


def test_where_the_gallery_is_the_partner_alone_nothing_is_said_of_the_bits():
    corpus = (
        CorpusBuilder()
        .listing("a", "saltmarsh", title="tin")
        .listing("b", "saltmarsh", title="tin")
    )
    truth = a_truth([("saltmarsh", "saltmarsh")], left="a", right="b")
    corpus = corpus.build()
    answer = truth_trial(corpus, truth, everybody(corpus), a_question(), lambda _: None)
    assert answer.pooled is not None
    assert answer.pooled.recall_at_1 is not None and answer.pooled.recall_at_1.value == 1
    assert answer.pooled.likelihood.cllr is None
    assert answer.pooled.likelihood.min_cllr is None


def fitted_on(corpus: Corpus) -> Question:
    source = corpus.texts["source_id"][0]
    rules = MODEL.rules.model_copy(update={"trained_on": (source,)})
    model = replace(MODEL, rules=rules)
    return a_question(model=model, source_names={source: "harbour.csv"})


def test_a_model_does_not_judge_what_it_was_fitted_on(forum: Corpus):
    with pytest.raises(RefusedInput, match=r"was fitted on harbour\.csv: .* use --folds N"):
        time_trial(forum, CUT, fitted_on(forum), lambda _: None)
    corpus = two_markets().build()
    with pytest.raises(RefusedInput, match=r"was fitted on harbour\.csv"):
        truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), fitted_on(corpus), lambda _: None)


def test_with_folds_it_judges_them(forum: Corpus, refits: Refits):
    question = replace(fitted_on(forum), fold_count=2)
    answer = time_trial(forum, CUT, question, lambda _: None)
    assert len(refits.members) == 2
    assert answer.pooled is not None


def test_fewer_accounts_than_folds_are_refused(forum: Corpus):
    with pytest.raises(RefusedInput, match=r"12 accounts .* have enough text .* for 13 folds"):
        time_trial(forum, CUT, a_question(fold_count=13), lambda _: None)
    with pytest.raises(RefusedInput, match=r"0 accounts .* have enough text"):
        time_trial(forum, replace(CUT, min_records=99), a_question(), lambda _: None)
