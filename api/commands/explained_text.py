"""An explanation on a terminal: the waterfall, what would change it, and what it rests on."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.terminal import plain
from api.wording import FRAMING, RULED, in_words, percent, proposal
from linkage.copying import NAME as COPYING
from linkage.explanation import NOW, Explanation, Term

BAR_CELLS = 24
CITED = 4
"""How many places a line cites; JSON has them all."""


def show(found: Explanation, names: Mapping[str, str], console: Console) -> None:
    """Print an explanation for people; `names` are the file names of its sources."""
    console.print(Text(f"{plain(found.left)}  and  {plain(found.right)}", "bold"))
    for line in _head(found):
        console.print(Text(line))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("", "bits", ""):
        table.add_column(name, no_wrap=True)
    table.add_column("what was found", overflow="fold")
    for row in _rows(found, names):
        table.add_row(*row)
    console.print(table)
    _section(console, "what would change it", _without(found))
    _section(console, "not validated", [plain(mark) for mark in found.not_validated])
    missing = [f"{t.feature}: {plain(t.sentence)}" for t in found.terms if t.level is None]
    _section(console, "nothing to compare", missing)
    _section(console, "where the bits come from", _sources(found))
    console.print(Text("\nProposed by a machine; a person decides.", "italic"))


def _section(console: Console, title: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        if number == 0:
            console.print(Text(f"\n{title}", "bold"))
        console.print(Text(line))


def _head(found: Explanation) -> Iterator[str]:
    """What the pair is proposed as, or why it is not, and what people ruled."""
    where = "computed now from the archive" if found.made == NOW else f"as of {found.made}"
    if found.not_proposed is not None:
        first, *others = found.not_proposed.reasons
        yield f"not proposed: {plain(first)} ({where})"
        yield from (f"and {plain(reason)}" for reason in others)
    else:
        if found.made == NOW:
            where += "; a published run may say otherwise"
        chance = f"{in_words(found.probability)}, {percent(found.probability)}"
        yield f"{_proposed(found)}; one hand: {chance} ({where})"
    if found.because is not None:
        yield plain(found.because)
    if found.possible_framing:
        yield FRAMING
    if found.ruling is not None:
        yield RULED[found.ruling]


def _proposed(found: Explanation) -> str:
    if found.verdict == "same":
        return f"same hand, {found.band}"
    if found.copier in (found.left, found.right):
        return f"copies: {plain(found.copier)} copies the other"
    return "copies: one copies the other, the times do not say which"


def _without(found: Explanation) -> Iterator[str]:
    """What the pair would be without each counted finding; an arrow where that is another thing."""
    stands = proposal(found.verdict, found.band)
    for term in found.terms:
        if term.without_bits is not None:
            would_be = proposal(term.without_verdict, term.without_band)
            what = "were nothing copied" if term.feature == COPYING else f"without {term.feature}"
            changed = "" if would_be == stands else f" <- instead of {stands}"
            yield f"{what}: {term.without_bits:+z.1f} bits, {would_be}{changed}"


def _sources(found: Explanation) -> Iterator[str]:
    if found.prior_source is not None:
        yield f"prior: {plain(found.prior_source)}"
    for term in found.terms:
        if term.level is not None:
            yield f"{term.feature} {term.level}: {plain(term.bits_source)}"


def _rows(found: Explanation, names: Mapping[str, str]) -> Iterator[tuple[Text, Text, Text, Text]]:
    counted = sorted((t for t in found.terms if t.counted), key=lambda t: -(t.weight_bits or 0.0))
    totals = [0.0, found.prior_bits]
    for term in counted:
        totals.append(totals[-1] + (term.weight_bits or 0.0))
    span = (min(*totals, found.bits), max(*totals, found.bits))
    relation = {"across": "two markets", "same": "one market", "forum": "a forum and its market"}
    prior = Text(f"before any evidence, {relation[found.relation]}")
    yield Text("prior"), _bits(found.prior_bits), _bar((0.0, found.prior_bits), span), prior
    for number, term in enumerate(counted, 1):
        step = (totals[number], totals[number + 1])
        yield Text(term.feature), _bits(term.weight_bits), _bar(step, span), _said(term, names)
    for term in found.terms:
        if term.level is not None and not term.counted:
            yield (
                Text(term.feature, "dim"),
                _bits(term.weight_bits),
                Text("not counted"),
                _said(term, names),
            )
    yield Text("total", "bold"), _bits(found.bits), _bar((0.0, found.bits), span), Text("")


def _said(term: Term, names: Mapping[str, str]) -> Text:
    cited = [(names.get(c.source_id, c.source_id[:8]), c.place) for c in term.citations]
    places = ", ".join(plain(f"{name} {place}") for name, place in cited[:CITED])
    more = f" and {len(cited) - CITED} more" if len(cited) > CITED else ""
    return Text.assemble(
        plain(term.sentence),
        (f"\n{', '.join(filter(None, (term.level, term.forgeable)))}", "dim"),
        (f"\n{places}{more}" if places else "", "dim"),
    )


def _bits(bits: float | None) -> Text:
    return Text("" if bits is None else f"{bits:+z.2f}", justify="right")


def _bar(step: tuple[float, float], span: tuple[float, float]) -> Text:
    """The step from one running total to the next, as a bar on the common scale."""
    cells = BAR_CELLS / ((span[1] - span[0]) or 1.0)
    start, end = (round((value - span[0]) * cells) for value in sorted(step))
    colour = "green" if step[1] >= step[0] else "red"
    return Text(" " * start + "█" * max(end - start, 1), colour)
