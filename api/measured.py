"""What an evaluation found, and the same as JSON."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from linkage.answers import Answer
from linkage.bootstrap import DRAW_COUNT
from linkage.comparison import Difference, compared
from linkage.evaluation import chosen_features
from linkage.trials import Question


@dataclass(frozen=True)
class Found:
    """A question, its answer, and those of the model to compare with."""

    question: Question
    answer: Answer
    against: "Found | None" = None

    @property
    def differences(self) -> list[Difference]:
        """Every figure of both models; empty where there is one model only."""
        return compared(self.answer, self.against.answer) if self.against else []


def as_json(found: Found) -> dict[str, object]:
    """Everything that was found, but for the scores of single pairs."""
    question, answer = found.question, found.answer
    return {
        "model": question.model.rules.name,
        "model_hash": question.model.model_hash,
        "judged_by": [feature.name for feature in chosen_features(question.model, question.only)],
        "masked": list(question.masked),
        "folds": question.fold_count,
        "fitted_on_accounts": list(answer.training_account_counts),
        "entities": answer.entity_count,
        "draws": DRAW_COUNT,
        "truth_pairs": answer.truth_pair_count,
        "truth_pairs_not_here": answer.absent_pair_count,
        "ranking": plain(answer.by_task),
        "pooled": plain(answer.pooled),
        "pooled_enough_pairs": plain(answer.pooled_enough),
        "bands": plain(answer.bands),
        "kinds": [] if answer.kinds is None else answer.kinds.to_dicts(),
        "personas": plain(answer.personas),
        "personas_with_leads": plain(answer.personas_with_leads),
        "reliability": plain(answer.reliability),
        "by_feature": plain(dict(answer.by_feature)),
        "against": None if found.against is None else as_json(found.against),
        "differences": plain(found.differences),
    }


def plain(value: Any) -> Any:
    """Records as JSON has them; a figure is its value and the two ends of its interval."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.repr}
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value
