"""Make docs/features/: a page for each feature from its code, the default model, and measured.json.

    python docs/make_feature_pages.py [--measure WORKSPACE --truth FILE]

With `--measure` the figures are measured anew first: `samehand evaluate --each` on accounts cut in
two by time and on the pairs of the truth; without it those of measured.json are printed again.
"""

import argparse
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from features import FEATURES
from features.feature import AnyFeature, Level
from linkage.model import RELATIONS, Rulebook, Weight, load_model

FOLDER = Path(__file__).parent / "features"
MEASURED = "measured.json"
SAMEHAND = (sys.executable, "-c", "from api.cli import main; main()")
SPLIT = "--split time --min-records 60 --min-chars 15000 --mask handle --folds 3"
GROUNDS = {
    "ten posts": ("ten posts of each half of a forum author's time", f"{SPLIT} --per-side 10"),
    "all posts": ("up to 400 posts of each half", f"{SPLIT} --per-side 400"),
    "listings": (
        "one handle on two of five markets",
        "--truth FILE --min-records 2 --mask handle --folds 3",
    ),
}
"""What is measured, in words and as options of `samehand evaluate`."""
RELATION_NAMES = {"across": "two markets", "same": "one market", "forum": "forum and its market"}
NOTE = """The own handle is masked, and everything that is fitted was fitted without the accounts
that are judged; beside each figure its 95 % interval. *Compared*: the share of scored pairs on
which the feature has a level. *Alone*: judged by this feature only; *without*: by all others;
*all*: by all. R@1: a query's partner stands first; AP: average precision over all pairs. Ties
count against us. Development figures (see [quality](../quality.md)), among the features there are:
where two see the same thing, leaving one out costs little."""
INTRODUCTION = """A feature is one way in which two accounts can betray one hand. Features of one
family see the same thing: of each family the largest evidence for and the largest against count.
What a stranger copies in a minute is *free* to forge, what takes a sustained act *costly*, what
needs the secret itself *infeasible*."""
BEYOND = "*not validated*"
HEAD = (
    "<!-- Made by docs/make_feature_pages.py; change the feature or the model, not this page. -->"
)

Measured = Mapping[str, Any]


def pages(rules: Rulebook, measured: Measured) -> dict[str, str]:
    """The text of every page by its file name."""
    made = {f"{kind.name}.md": page(kind, rules, measured) for kind in FEATURES}
    return {"README.md": index(rules, measured), **made}


def index(rules: Rulebook, measured: Measured) -> str:
    """The list of all features."""
    rows = [
        f"| [{kind.name}]({kind.name}.md) | {_question(kind)} | {kind.family} | {_grades(kind)} "
        f"| {_span(kind, rules)} | {_strengths(kind, measured)} |"
        for kind in FEATURES
    ]
    heads = f"| feature | asks | family | forgeable | bits | alone: R@1 on {', '.join(GROUNDS)} |"
    return "\n".join(
        [
            HEAD,
            "# Features",
            "",
            INTRODUCTION,
            "",
            heads,
            "|---|---|---|---|---|---|",
            *rows,
            "",
            *(f"*{name}*: {GROUNDS[name][0]}." for name in GROUNDS),
            "",
        ]
    )


def page(kind: type[AnyFeature], rules: Rulebook, measured: Measured) -> str:
    """The page of one feature."""
    said = inspect.cleandoc(kind.__doc__ or "")
    weights = rules.weights.get(kind.name, {})
    parts = [
        HEAD,
        f"# {kind.name}",
        "",
        said,
        "",
        f"Family: `{kind.family}`.{_shrink(kind, rules)}",
        "",
        "## Levels",
        "",
        "| level | says | forgeable | " + " | ".join(RELATION_NAMES.values()) + " |",
        "|---|---|---|" + "---|" * len(RELATION_NAMES),
        *(_level_row(level, weights.get(level.name, {})) for level in kind.levels),
        "",
        "Bits are log2 likelihood ratios; in brackets the 95 % interval of what was measured, the "
        "range of what was elicited. A level without bits in a relation says nothing there.",
        "",
        "## Where the bits come from",
        "",
        *_sources(kind, weights),
        "",
        "## What it is worth",
        "",
        *_figures(kind.name, measured),
    ]
    return "\n".join(parts) + "\n"


def _question(kind: type[AnyFeature]) -> str:
    return inspect.cleandoc(kind.__doc__ or "").splitlines()[0]


def _grades(kind: type[AnyFeature]) -> str:
    grades = ("infeasible", "costly", "free")
    return ", ".join(g for g in grades if any(level.forgeable == g for level in kind.levels))


def _span(kind: type[AnyFeature], rules: Rulebook) -> str:
    weights = [w for level in rules.weights.get(kind.name, {}).values() for w in level.values()]
    ends = [end for weight in weights for end in _ends(weight)]
    return f"{_bits(min(ends))} to {_bits(max(ends))}" if ends else "none yet"


def _ends(weight: Weight) -> tuple[float, ...]:
    if weight.curve is not None:
        return weight.curve.floor_bits, weight.curve.cap_bits
    return (weight.bits or 0.0,)


def _shrink(kind: type[AnyFeature], rules: Rulebook) -> str:
    """By how much the family is counted in part, where it is."""
    found = rules.shrinks.get(kind.family)
    if found is None:
        return ""
    return f" Beside others its bits count {found.value:g} times ({found.source.text})."


def _level_row(level: Level, weights: Mapping[Any, Weight]) -> str:
    binds = "" if level.binds == "none" else f", binds {level.binds}"
    cells = [_worth(weights[relation]) if relation in weights else "" for relation in RELATIONS]
    meaning = f"{'against: ' if level.speaks == 'against' else ''}{level.meaning}"
    row = [f"`{level.name}`", meaning, f"{level.forgeable}{binds}", *cells]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _worth(weight: Weight) -> str:
    if weight.curve is not None:
        return f"a curve, {_bits(weight.curve.floor_bits)} to {_bits(weight.curve.cap_bits)}"
    source = weight.source
    if source.low is None or source.high is None:
        return _bits(weight.bits or 0.0)
    return f"{_bits(weight.bits or 0.0)} [{_bits(source.low)}, {_bits(source.high)}]"


def _bits(value: float) -> str:
    return f"{value + 0.0:.1f}"


def _sources(kind: type[AnyFeature], weights: Mapping[str, Mapping[Any, Weight]]) -> Iterator[str]:
    """Each source once, and each thing it does not show, with the levels they stand behind."""
    behind: dict[str, dict[str, list[str]]] = {}
    for level in kind.levels:
        for relation, weight in weights.get(level.name, {}).items():
            for said in _said(weight):
                relations = behind.setdefault(said, {}).setdefault(level.name, [])
                relations.append(RELATION_NAMES[relation])
    if not behind:
        yield "The model gives it no bits yet: it is shown to people and changes no score."
    for said, levels in sorted(behind.items(), key=lambda item: item[0].startswith(BEYOND)):
        named = (_named(level, relations) for level, relations in levels.items())
        yield f"- {', '.join(named)}: {said}"


def _said(weight: Weight) -> Iterator[str]:
    source = weight.source
    amount = "" if source.n is None else f" (n = {source.n:,})"
    yield f"*{source.kind}*{amount}: {source.text}"
    if source.not_validated is not None:
        yield f"{BEYOND}: {source.not_validated}"


def _named(level: str, relations: Sequence[str]) -> str:
    """A level, and its relations where they are not all."""
    whole = len(relations) == len(RELATIONS)
    return f"`{level}`" if whole else f"`{level}` ({', '.join(relations)})"


def _strengths(kind: type[AnyFeature], measured: Measured) -> str:
    found = [_of(kind.name, measured, ground) for ground in GROUNDS]
    return ", ".join(_figure(one and one["alone"]["recall_at_1"], short=True) for one in found)


def _figures(name: str, measured: Measured) -> Iterator[str]:
    grounds = [ground for ground in GROUNDS if _of(name, measured, ground)]
    if not grounds:
        yield "Not measured on real data: none of ours shows what it reads to enough accounts."
        return
    yield NOTE
    for ground in grounds:
        words, options = GROUNDS[ground]
        found, everything = _of(name, measured, ground), measured[ground]["all"]
        alone, without = found["alone"], found["without"]
        yield ""
        yield f"**{words[0].upper()}{words[1:]}** ({everything['query_count']} queries):"
        yield ""
        yield "| compared | alone: R@1 | AP | without: R@1 | AP | all: R@1 | AP |"
        yield "|---|---|---|---|---|---|---|"
        names = ("recall_at_1", "average_precision")
        shown = [_figure(part[figure]) for part in (alone, without, everything) for figure in names]
        yield f"| {found['compared_share']:.3f} | {' | '.join(shown)} |"
        yield ""
        yield f"`samehand evaluate {options} --each`"


def _of(name: str, measured: Measured, ground: str) -> Any:
    """What was measured of a feature; None where it compared nothing."""
    found = measured.get(ground, {}).get("by_feature", {}).get(name)
    return found if found and found["compared_share"] > 0 and found["alone"] else None


def _figure(figure: Mapping[str, float] | None, *, short: bool = False) -> str:
    if figure is None:
        return "-"
    value = f"{figure['value']:.3f}"
    return value if short else f"{value} [{figure['low']:.2f}, {figure['high']:.2f}]"


def measure(workspace: Path, truth: Path) -> Measured:
    """Ask `samehand evaluate` on both grounds; what the pages print of its answers."""
    measured = {}
    for name, (_, options) in GROUNDS.items():
        words = [str(truth) if word == "FILE" else word for word in options.split()]
        command = [*SAMEHAND, "evaluate", *words, "--each", "--json", "--workspace", str(workspace)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(said)
        measured[name] = {
            "model_hash": found["model_hash"],
            "fitted_on_accounts": found["fitted_on_accounts"],
            "all": _kept(found["pooled"]),
            "by_feature": {
                feature: {
                    "compared_share": round(one["compared_share"], 6),
                    "alone": _kept(one["alone"]),
                    "without": _kept(one["without"]),
                }
                for feature, one in found["by_feature"].items()
            },
        }
    return measured


def _kept(ranking: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if ranking is None:
        return None
    figures = ("recall_at_1", "average_precision")
    rounded = {
        name: ranking[name] and {end: round(value, 4) for end, value in ranking[name].items()}
        for name in figures
    }
    return {"query_count": ranking["query_count"], **rounded}


def main() -> None:
    """Measure if asked to, then write every page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--measure", type=Path, metavar="WORKSPACE")
    parser.add_argument("--truth", type=Path, metavar="FILE")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if asked.measure is not None:
        if asked.truth is None:
            parser.error("--measure needs --truth FILE")
        found = json.dumps(measure(asked.measure, asked.truth), indent=1)
        (FOLDER / MEASURED).write_text(found + "\n")
    measured = json.loads((FOLDER / MEASURED).read_text())
    for name, text in pages(load_model().rules, measured).items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
