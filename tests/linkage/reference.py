"""All figures of an evaluation once more: slow, obvious, sharing no code with `linkage`.

Weights of a draw are taken literally: an entity that was drawn twice is written down twice.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import inf, log, log2
from typing import NamedTuple

import networkx as nx
import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

BANDS = ("lead", "strong", "proved")


class Row(NamedTuple):
    """A scored pair."""

    task: str
    query: str
    other: str
    total_bits: float
    likelihood_bits: float


@dataclass
class Reference:
    """What is known: scored rows, links, personas, who is of one hand and of one entity.

    `times` says how often each entity was drawn; an entity is named by any of its accounts.
    """

    rows: list[Row]
    links: list[dict]
    personas: list[list[str]]
    hand: dict[str, int]
    entity: dict[str, int]
    here: set[str]
    times: dict[int, int]

    def weight(self, account):
        return self.times[self.entity[account]]

    def one_hand(self, left, right):
        return self.hand[left] == self.hand[right] if {left, right} <= self.hand.keys() else False

    def figures(self):
        """Every figure by its name; NaN where it is not defined."""
        found = {}
        tasks = defaultdict(list)
        for row in self.rows:
            tasks[row.task].append(row)
        for task, rows in tasks.items():
            found |= {(task, name): value for name, value in self.ranking([rows]).items()}
        found |= {("pooled", n): v for n, v in self.ranking(list(tasks.values())).items()}
        for band in BANDS:
            found |= {(band, name): value for name, value in self.band(band).items()}
        found |= {("b_cubed", name): value for name, value in self.b_cubed().items()}
        found |= {("pairwise", name): value for name, value in self.pairwise().items()}
        found["personas", "false_merge_share"] = self.false_merges()
        return found | self.reliability()

    def ranking(self, tasks):
        rows = [row for task in tasks for row in task]
        ranks = [rank for task in tasks for rank in self.ranks(task)]
        precisions = [self.average_precision(task) for task in tasks]
        queries = [len(self.ranks(task)) for task in tasks]
        weighed = [p * n for p, n in zip(precisions, queries, strict=True) if n]
        return {
            "recall_at_1": mean([rank == 1 for rank in ranks]),
            "recall_at_10": mean([rank <= 10 for rank in ranks]),
            "mean_reciprocal_rank": mean([1 / rank for rank in ranks]),
            "average_precision": sum(weighed) / sum(queries) if sum(queries) else float("nan"),
            "precision_of_best": self.precision_of_best(rows),
            "cllr": self.cllr(rows),
            "min_cllr": self.min_cllr(rows),
        }

    def ranks(self, rows):
        """The rank of the first partner, once for each time its query was drawn."""
        by_query = defaultdict(list)
        for row in rows:
            by_query[row.query].append((row.total_bits, self.one_hand(row.query, row.other)))
        ranks = []
        for query, pairs in by_query.items():
            best = max((bits for bits, true in pairs if true), default=None)
            if best is not None:
                rank = 1 + sum(bits >= best for bits, true in pairs if not true)
                ranks += [rank] * self.weight(query)
        return ranks

    def average_precision(self, rows):
        ordered = sorted(rows, key=lambda r: (-r.total_bits, self.one_hand(r.query, r.other)))
        true = [self.one_hand(row.query, row.other) for row in ordered]
        times = [self.weight(row.query) for row in ordered]
        if not any(w for w, is_true in zip(times, true, strict=True) if is_true):
            return float("nan")
        place = -np.arange(len(ordered), dtype=float)
        return average_precision_score(true, place, sample_weight=times)

    def precision_of_best(self, rows):
        ordered = sorted(rows, key=lambda r: (-r.total_bits, self.one_hand(r.query, r.other)))
        first = {}
        for row in ordered:
            first.setdefault(frozenset((row.query, row.other)), row)
        best = [r for r in first.values() for _ in range(self.weight(r.query))][:50]
        return mean([self.one_hand(row.query, row.other) for row in best])

    def cllr(self, rows):
        one, others = [], []
        for row in rows:
            true = self.one_hand(row.query, row.other)
            cost = log2(1 + 2 ** (-row.likelihood_bits if true else row.likelihood_bits))
            (one if true else others).extend([cost] * self.weight(row.query))
        return (mean(one) + mean(others)) / 2

    def min_cllr(self, rows):
        drawn = [row for row in rows for _ in range(self.weight(row.query))]
        true = [self.one_hand(row.query, row.other) for row in drawn]
        if not any(true) or all(true):
            return float("nan")
        bits = [row.likelihood_bits for row in drawn]
        share = IsotonicRegression().fit_transform(bits, np.array(true, float))
        prior = log(sum(true) / (len(true) - sum(true)))
        one, others = [], []
        for p, is_true in zip(share.tolist(), true, strict=True):
            odds = -inf if p == 0 else inf if p == 1 else log(p / (1 - p)) - prior
            cost = log2(1 + np.exp(-odds if is_true else odds))
            (one if is_true else others).append(cost)
        return (mean(one) + mean(others)) / 2

    def times_together(self, left, right):
        """How often two accounts are compared: within an entity once for each time it was drawn."""
        same = self.entity[left] == self.entity[right]
        return self.weight(left) if same else self.weight(left) * self.weight(right)

    def judged(self):
        """The `same` links between two accounts that the truth names."""
        return [
            link
            for link in self.links
            if link["verdict"] == "same" and {link["left"], link["right"]} <= self.hand.keys()
        ]

    def over_pairs(self, accounts, proposed):
        true, said, times = [], [], []
        for left, right in combinations(sorted(accounts), 2):
            true.append(self.one_hand(left, right))
            said.append((left, right) in proposed)
            times.append(self.times_together(left, right))
        return quality(true, said, times)

    def band(self, band):
        chosen = BANDS[BANDS.index(band) :]
        proposed = {
            tuple(sorted((link["left"], link["right"])))
            for link in self.judged()
            if link["band"] in chosen
        }
        return self.over_pairs(self.hand, proposed)

    def members(self):
        """The persona of each covered account, as the set of covered accounts in it."""
        covered = self.hand.keys() & self.here
        groups = [frozenset(group) & covered for group in self.personas]
        home = {account: group for group in groups for account in group}
        return {account: home.get(account, frozenset((account,))) for account in covered}

    def pairwise(self):
        home = self.members()
        within = {p for group in set(home.values()) for p in combinations(sorted(group), 2)}
        return self.over_pairs(home, within)

    def b_cubed(self):
        home = self.members()
        precisions, recalls = [], []
        for account, persona in home.items():
            hand = {other for other in home if self.one_hand(account, other)}
            precisions += [len(persona & hand) / len(persona)] * self.weight(account)
            recalls += [len(persona & hand) / len(hand)] * self.weight(account)
        precision, recall = mean(precisions), mean(recalls)
        return {
            "precision": precision,
            "recall": recall,
            "f_half": 1.25 * precision * recall / (0.25 * precision + recall),
            "f1": 2 * precision * recall / (precision + recall),
        }

    def false_merges(self):
        wrong = total = 0.0
        for persona in set(self.members().values()):
            if len(persona) > 1:
                entities = {self.entity[account] for account in persona}
                weight = sum(self.times[entity] for entity in entities) / len(entities)
                total += weight
                wrong += weight * (len({self.hand[account] for account in persona}) > 1)
        return wrong / total if total else float("nan")

    def reliability(self):
        links = sorted(
            self.judged(), key=lambda x: (x["probability"], *sorted((x["left"], x["right"])))
        )
        count = min(10, max(1, len(links) // 30))
        short, longer = divmod(len(links), count)
        found, start = {}, 0
        for number in range(count):
            end = start + short + (number < longer)
            found |= self.reliability_of(f"bin {number}", links[start:end])
            start = end
        return found | self.reliability_of("overall", links)

    def reliability_of(self, name, links):
        stated, true = [], []
        for link in links:
            times = self.times_together(link["left"], link["right"])
            stated += [link["probability"]] * times
            true += [self.one_hand(link["left"], link["right"])] * times
        gap = mean(stated) - mean(true)
        figures = {"stated": mean(stated), "true_share": mean(true), "gap": gap}
        return {(name, figure): value for figure, value in figures.items()}


def mean(values):
    return sum(values) / len(values) if len(values) else float("nan")


def quality(true, said, times):
    found = {}
    for beta, name in ((0.5, "f_half"), (1.0, "f1")):
        precision, recall, f, _ = precision_recall_fscore_support(
            true, said, beta=beta, average="binary", sample_weight=times, zero_division=np.nan
        )
        found |= {"precision": precision, "recall": recall, name: f}
    return found


def hands_of(truth):
    """The number of each named account's hand."""
    graph = nx.Graph()
    graph.add_nodes_from([*truth["left"], *truth["right"]])
    graph.add_edges_from(truth.filter("same").select("left", "right").rows())
    parts = nx.connected_components(graph)
    return {account: number for number, part in enumerate(parts) for account in part}
