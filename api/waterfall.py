"""From a link and its stored evidence to a waterfall that adds up."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.answers import Evidence, Link, LinkAnswer, Step
from api.pair_answers import PairAnswer
from linkage.remarks import not_validated, why_copies


def waterfall(
    run_id: str, link: Link, evidence: Sequence[Evidence], prior_source: str | None = None
) -> LinkAnswer:
    """The link with its steps: the prior, what speaks for it, what speaks against it, the total.

    Args:
        run_id: the run that found the evidence.
        link: the proposed link.
        evidence: what each feature found on it, in any order.
        prior_source: where the bits before it come from; None where the run kept it not.

    Returns:
        An answer whose counted steps run from the prior to `link.bits`.
    """
    return LinkAnswer(
        run_id=run_id,
        link=link,
        because=why_copies(evidence) if link.verdict == "copies" else None,
        steps=_steps(link, evidence, prior_source),
        not_counted=_not_counted(evidence),
        missing=_missing(evidence),
        not_validated=list(not_validated(evidence)),
    )


@dataclass(frozen=True)
class Compared:
    """Any pair as its page shows it: with the waterfall of a link."""

    link: PairAnswer
    because: str | None
    steps: Sequence[Step]
    not_counted: Sequence[Evidence]
    missing: Sequence[Evidence]

    @classmethod
    def of(cls, pair: PairAnswer) -> "Compared":
        """A pair with its steps."""
        terms = pair.terms
        steps = _steps(pair, terms, pair.prior_source)
        return cls(pair, pair.because, steps, _not_counted(terms), _missing(terms))


def _not_counted(evidence: Sequence[Evidence]) -> list[Evidence]:
    return [found for found in evidence if found.level is not None and not found.counted]


def _missing(evidence: Sequence[Evidence]) -> list[Evidence]:
    return [found for found in evidence if found.level is None]


def _strongest_first(evidence: Evidence) -> tuple[float, str]:
    return -(evidence.weight_bits or 0.0), evidence.feature


def _steps(
    link: Link | PairAnswer, evidence: Sequence[Evidence], prior_source: str | None
) -> list[Step]:
    counted = [found for found in evidence if found.counted and found.level is not None]
    prior = Step(name="prior", kind="prior", before_bits=0.0, after_bits=link.prior_bits)
    steps = [prior.model_copy(update={"source": prior_source})]
    for found in sorted(counted, key=_strongest_first):
        weight_bits = found.weight_bits or 0.0
        before_bits = steps[-1].after_bits
        steps.append(
            Step(
                name=found.feature,
                kind="for" if weight_bits >= 0 else "against",
                before_bits=before_bits,
                after_bits=before_bits + weight_bits,
                evidence=found,
            )
        )
    return [*steps, Step(name="total", kind="total", before_bits=0.0, after_bits=link.bits)]
