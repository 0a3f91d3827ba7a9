import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evidence.errors import RefusedInput
from linkage.model import (
    RELATIONS,
    BitsSource,
    Curve,
    Model,
    Prior,
    Rulebook,
    Shrink,
    Thresholds,
    Weight,
    load_model,
)

SOURCE = BitsSource(kind="structural", text="a rule made for this test")
PRIOR = Prior(expected_partners=0.5, reference_accounts=10_000, source=SOURCE)
RULES = Rulebook(
    name="test",
    trained_on=(),
    priors=dict.fromkeys(RELATIONS, PRIOR),
    weights={"alias": {"same": {"across": Weight(bits=3.0, source=SOURCE)}}},
    thresholds=Thresholds(lead_probability=0.1, strong_probability=0.9, costly_bits=5.0),
)
SWAPPED = {"kind": "measured", "text": "counted for this test", "low": 4.0, "high": 2.0}
CURVE = Curve(intercept=-4.0, value=1.5, log_count=0.1, floor_bits=-6.0, cap_bits=13.0)


def bits_of(*scores):
    values = np.array(scores, np.float32)
    return CURVE.bits(values, np.full(len(scores), 5000, np.int32))


@given(st.floats(-40, 40), st.floats(0.125, 5))
def test_more_similar_is_always_more_bits_and_never_beyond_the_cap(score, step):
    low, high = bits_of(score, score + step)
    assert -6.0 <= low < high <= 13.0


def test_in_the_middle_a_curve_is_the_logistic_map():
    expected = (-4.0 + 1.5 * 5.0 + 0.1 * np.log(5000)) / np.log(2)
    assert bits_of(5.0)[0] == pytest.approx(expected)


def test_the_prior_is_the_log_odds_of_meeting_a_partner():
    assert RULES.priors["across"].bits == pytest.approx(-14.2877, abs=1e-3)


def refusal(folder, file, field, value):
    """What is said of a bundle of which one field, written with dots, has another value."""
    Model(RULES, {}).save(folder)
    part = json.loads((folder / file).read_text(encoding="utf-8"))
    *outer, last = field.split(".")
    inner = part
    for name in outer:
        inner = inner[name]
    inner[last] = value
    (folder / file).write_text(json.dumps(part), encoding="utf-8")
    with pytest.raises(RefusedInput) as refused:
        load_model(folder)
    return str(refused.value)


@pytest.mark.parametrize("partners", [10_000, 10_001])
def test_a_prior_that_leaves_no_strangers_is_refused_by_its_name(tmp_path, partners):
    said = refusal(tmp_path, "model.json", "priors.across.expected_partners", partners)
    assert said == (
        f"{tmp_path} holds no model: priors.across: expected_partners, {partners}, "
        "must be less than reference_accounts, 10000"
    )


@pytest.mark.parametrize("bits", [float("nan"), float("inf"), float("-inf")])
def test_bits_that_are_no_number_are_refused_by_their_level(tmp_path, bits):
    said = refusal(tmp_path, "alias.json", "same.across.bits", bits)
    assert "weights.alias.same.across.bits: Input should be a finite number" in said


def test_a_level_with_neither_bits_nor_a_curve_is_refused_and_one_with_both(tmp_path):
    said = "weights.alias.same.across: a weight has either bits or a curve"
    assert said in refusal(tmp_path, "alias.json", "same.across.bits", None)
    curve = CURVE.model_dump()
    assert said in refusal(tmp_path, "alias.json", "same.across.curve", curve)


def test_a_cap_below_the_floor_is_refused(tmp_path):
    weight = {"curve": {**CURVE.model_dump(), "cap_bits": -7.0}, "source": SOURCE.model_dump()}
    said = refusal(tmp_path, "alias.json", "same.across", weight)
    assert "floor_bits, -6, must be less than cap_bits, -7" in said


def test_an_interval_whose_ends_are_swapped_is_refused(tmp_path):
    said = refusal(tmp_path, "alias.json", "same.across.source", SWAPPED)
    assert "low, 4, must not be more than high, 2" in said


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("costly_bits", float("nan")),
        ("costly_bits", -1.0),
        ("copies_probability", 1.5),
        ("copies_free_bits", 0.0),
    ],
)
def test_thresholds_that_sort_nothing_are_refused(tmp_path, limit, value):
    said = refusal(tmp_path, "model.json", f"thresholds.{limit}", value)
    assert said.startswith(f"{tmp_path} holds no model: thresholds")


def test_a_fitted_part_that_lacks_an_array_is_refused_by_its_file(tmp_path):
    Model(RULES, {"writing_style": {"words.mean": np.zeros(3, np.float32)}}).save(tmp_path)
    with pytest.raises(RefusedInput, match=r"writing_style\.npz .* missing"):
        load_model(tmp_path)


def test_a_model_that_cannot_judge_a_forum_is_refused(tmp_path):
    priors = {name: json.loads(PRIOR.model_dump_json()) for name in ("across", "same")}
    said = refusal(tmp_path, "model.json", "priors", priors)
    assert said == f"{tmp_path} holds no model: priors: none for forum"


def test_a_fitted_part_that_holds_no_numbers_is_refused_by_its_file(tmp_path):
    Model(RULES, {"style": {"mean": np.array([0.0, np.nan], np.float32)}}).save(tmp_path)
    with pytest.raises(RefusedInput, match=r"style\.npz .*: mean holds no numbers"):
        load_model(tmp_path)


def test_a_saved_model_comes_back_with_the_same_hash(tmp_path):
    model = Model(RULES, {"style": {"mean": np.arange(5, dtype=np.float32)}})
    model.save(tmp_path)
    assert load_model(tmp_path).model_hash == model.model_hash


@pytest.mark.parametrize("text", [None, "{", '{"name": "half a model"}'])
def test_a_folder_without_a_whole_model_is_refused_by_its_name(tmp_path, text):
    if text is not None:
        (tmp_path / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedInput, match=str(tmp_path)):
        load_model(tmp_path)


def test_the_hash_follows_a_change_in_the_fitted_part():
    one = Model(RULES, {"f": {"mean": np.zeros(2, np.float32)}})
    other = Model(RULES, {"f": {"mean": np.ones(2, np.float32)}})
    assert one.model_hash != other.model_hash


SHRUNK = RULES.model_copy(update={"shrinks": {"style": Shrink(value=0.5, source=SOURCE)}})


def test_shrinks_come_back_and_are_part_of_the_hash(tmp_path):
    model = Model(SHRUNK, {})
    model.save(tmp_path)
    assert load_model(tmp_path).rules.shrink("style") == 0.5
    assert load_model(tmp_path).model_hash == model.model_hash != Model(RULES, {}).model_hash


def test_a_bundle_without_shrinks_is_written_as_before_there_were_any(tmp_path):
    Model(RULES, {}).save(tmp_path)
    assert "shrinks" not in (tmp_path / "model.json").read_text(encoding="utf-8")


def test_no_family_counts_more_beside_others_than_alone():
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Shrink(value=1.01, source=SOURCE)


def test_every_number_of_a_model_is_counted_by_where_it_comes_from():
    assert SHRUNK.source_counts == {"measured": 0, "elicited": 0, "structural": 5}


def test_a_number_without_a_source_is_refused():
    with pytest.raises(ValidationError, match="source"):
        Weight.model_validate({"bits": 3.0})


@pytest.mark.parametrize("limits", [(0.0, 0.9), (0.1, 0.5), (0.1, 1.0)])
def test_limits_that_no_odds_reach_or_that_chance_reaches_are_refused(limits):
    with pytest.raises(ValidationError, match="_probability"):
        Thresholds(lead_probability=limits[0], strong_probability=limits[1], costly_bits=5.0)
