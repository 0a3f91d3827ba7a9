"""From a link and its stored evidence to a waterfall that adds up."""

from collections.abc import Sequence

from api.answers import Evidence, Link, LinkAnswer, Step
from linkage.remarks import not_validated, why_copies


def waterfall(run_id: str, link: Link, evidence: Sequence[Evidence]) -> LinkAnswer:
    """The link with its steps: the prior, what speaks for it, what speaks against it, the total.

    Args:
        run_id: the run that found the evidence.
        link: the proposed link.
        evidence: what each feature found on it, in any order.

    Returns:
        An answer whose counted steps run from the prior to `link.bits`.
    """
    counted = [found for found in evidence if found.counted and found.level is not None]
    return LinkAnswer(
        run_id=run_id,
        link=link,
        because=why_copies(evidence) if link.verdict == "copies" else None,
        steps=_steps(link, sorted(counted, key=_strongest_first)),
        not_counted=[e for e in evidence if e.level is not None and not e.counted],
        missing=[e for e in evidence if e.level is None],
        not_validated=list(not_validated(evidence)),
    )


def _strongest_first(evidence: Evidence) -> tuple[float, str]:
    return -(evidence.weight_bits or 0.0), evidence.feature


def _steps(link: Link, counted: Sequence[Evidence]) -> list[Step]:
    steps = [Step(name="prior", kind="prior", before_bits=0.0, after_bits=link.prior_bits)]
    for found in counted:
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
