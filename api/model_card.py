"""A model's card: what it was measured on, what it says nothing about, and what it needs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from features import FEATURES
from features.listing_text import TITLES_MIN
from features.writing_style import POST_CHARACTERS_MIN, POSTS_MIN, PROSE_CHARACTERS_MIN
from linkage.model import KINDS, RELATIONS, BitsSource, Model, Rulebook, Thresholds, Weight

HEAD = "<!-- Made by `samehand model card`; change the model or the code, not this page. -->"
RELATION_NAMES: Mapping[str, str] = {
    "across": "two markets",
    "same": "one market",
    "forum": "forum and its market",
}
USE = """It proposes pairs of accounts that one hand may run, with what speaks for and against,
for an investigator to check. It says nothing about who a person is. Nothing follows from a proposal
until a person rules on it, and no band replaces that ruling. Evidence that anybody can copy makes a
`lead` at most, whatever its bits."""
AMOUNTS = f"""- **Language.** Style is read in English only; of texts in another language or script
  nothing is compared, and the finding says so. Titles are compared in any language; whether their
  bits hold there was not measured.
- **Amount of text.** Style needs {POSTS_MIN} posts and {POST_CHARACTERS_MIN} characters a side, or
  {PROSE_CHARACTERS_MIN} characters of profile and descriptions; its bits depend on the amount.
  Titles need {TITLES_MIN} listings a side.
- **Markets.** Bits and priors are given apart for two markets, one market, and a forum with the
  market it serves; the table says how much of each was measured."""
LIMITS = """- Accounts on two markets that bits were measured on have one handle, which was hidden:
  silver truth. An equal handle may be an impostor's; who changes his handle may change more.
- Authors cut in two by time write on one forum, one half after the other: a real move is harder.
- Most data is from 2011 to 2020. A likeness of titles counts half after four years.
- Nothing known to be one hand on one market, and nothing known to be one hand on a forum and its
  market, was measured: what is said there is elicited, or carried over.
- How many partners an account has, and how many copiers there are, nobody has counted: both are
  elicited, with their range.
- Who knows how this works can write unlike himself, or like another. Framing is marked as possible,
  not excluded."""


def model_card(name: str, model: Model) -> str:
    """The card of a model as Markdown.

    Args:
        name: the name people know it by.
        model: the bundle.
    """
    parts = (
        (HEAD, f"# The model {name}", *_facts(model)),
        ("## What it is for", USE),
        ("## What it reads", AMOUNTS),
        ("## Where its numbers come from", *_counts(model.rules)),
        ("## Odds and thresholds", *_odds(model.rules)),
        ("## What is counted in part", *_shrinks(model.rules)),
        ("## What was measured", *_measured(model.rules)),
        ("## What is known to be weak", LIMITS),
        ("[What links are worth](quality.md) · [the features](features/README.md)",),
    )
    return "\n\n".join("\n\n".join(part) for part in parts) + "\n"


def _facts(model: Model) -> Iterator[str]:
    rules = model.rules
    counts = ", ".join(f"{count} {kind}" for kind, count in rules.source_counts.items())
    yield (
        f"`{rules.name}`, hash `{model.model_hash}`. Fitted on {len(rules.trained_on)} sources; "
        f"{len(rules.sources)} numbers: {counts}."
    )


def _counts(rules: Rulebook) -> Iterator[str]:
    yield (
        "*Measured*: counted in real data. *Elicited*: from the literature, with its range. "
        "*Structural*: a rule. None comes from invented data. *Most pairs*: the largest n of any."
    )
    rows = []
    for feature in FEATURES:
        levels = rules.weights.get(feature.name, {})
        weights = [w for by_relation in levels.values() for w in by_relation.values()]
        link = f"[{feature.name}](features/{feature.name}.md)"
        rows.append([link, feature.family, *_by_kind(weights), _most(weights)])
    yield _table(("feature", "family", *KINDS, "most pairs"), rows)
    by_relation = []
    for relation in RELATIONS:
        levels_of = [level for feature in rules.weights.values() for level in feature.values()]
        weights = [level[relation] for level in levels_of if relation in level]
        by_relation.append([RELATION_NAMES[relation], *_by_kind(weights)])
    yield _table(("relation", *KINDS), by_relation)


def _by_kind(weights: Sequence[Weight]) -> list[str]:
    found = Counter(weight.source.kind for weight in weights)
    return [str(found[kind]) for kind in KINDS]


def _most(weights: Sequence[Weight]) -> str:
    sizes = [w.source.n for w in weights if w.source.kind == "measured" and w.source.n is not None]
    return f"{max(sizes):,}" if sizes else "-"


def _odds(rules: Rulebook) -> Iterator[str]:
    rows = [
        [
            RELATION_NAMES[relation],
            f"{prior.bits:.1f}",
            _span(prior.source),
            f"{rules.copying[relation].owners_per_copier:g}" if relation in rules.copying else "-",
        ]
        for relation, prior in rules.priors.items()
    ]
    yield _table(("relation", "prior bits", "range", "owners to a copier"), rows)
    telling = [
        f"`{level}` {worth.bits:+g} ({_span(worth.source)})"
        for relation, rate in rules.copying.items()
        if relation == "across"
        for level, worth in rate.telling.items()
    ]
    if telling:
        yield f"Bits for the owner against a copier, across markets: {', '.join(telling)}."
    limits = rules.thresholds
    yield (
        f"A `lead` needs probability {limits.lead_probability:g}{_shown(limits)}, and an even "
        "chance where likeness is all there is and a copier is as likely as the owner; `strong` "
        f"needs {limits.strong_probability:g} and a costly family of {limits.costly_bits:g} bits "
        "that nothing costly contradicts, or a signature that binds one side; `proved` one that "
        f"binds both. `copies` shares {limits.copies_free_bits:g} bits of what an account is known "
        f"by, and a copier made it so with probability {limits.copies_probability:g} or more."
    )


def _shown(limits: Thresholds) -> str:
    least = limits.grounded_lead_probability
    return "" if least is None else f", {least:g} where more than likeness speaks for it"


def _shrinks(rules: Rulebook) -> Iterator[str]:
    if not rules.shrinks:
        yield "Nothing: every family's bits count in full beside those of all others."
        return
    rows = [
        [
            family,
            f"{found.value:g}",
            _span(found.source),
            str(found.source.n or "-"),
            found.source.text,
        ]
        for family, found in rules.shrinks.items()
    ]
    yield _table(("family", "factor", "interval", "n", "source"), rows)


def _measured(rules: Rulebook) -> Iterator[str]:
    for feature in FEATURES:
        lines = [_line(source, beyond) for source, beyond in _sources(rules, feature.name)]
        if lines:
            yield "\n".join([f"**{feature.name}**", "", *lines])


def _sources(
    rules: Rulebook, feature: str
) -> Iterator[tuple[BitsSource, Mapping[str, Sequence[str]]]]:
    """Each measurement once, and by what of it was not validated the relations it is carried to."""
    found: dict[BitsSource, dict[str, list[str]]] = {}
    for level in rules.weights.get(feature, {}).values():
        for relation, weight in level.items():
            if weight.source.kind == "measured":
                bare = weight.source.model_copy(update={"not_validated": None})
                beyond = found.setdefault(bare, {})
                if weight.source.not_validated is not None:
                    beyond.setdefault(weight.source.not_validated, []).append(relation)
    yield from found.items()


def _line(source: BitsSource, beyond: Mapping[str, Sequence[str]]) -> str:
    amount = "" if source.n is None else f" (n = {source.n:,})"
    carried = [
        f"; not validated for {', '.join(RELATION_NAMES[name] for name in dict.fromkeys(names))}: "
        f"{what}"
        for what, names in beyond.items()
    ]
    return f"- {source.text}{amount}{''.join(carried)}"


def _span(source: BitsSource) -> str:
    if source.low is None or source.high is None:
        return "-"
    return f"{source.low:g} to {source.high:g}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
