import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers import Evidence, Link
from api.waterfall import waterfall
from tests.api.published import evidence

FOUND = st.builds(
    lambda name, bits, counted: Evidence.model_validate(
        evidence("a", name, bits, counted=counted and bits is not None)
    ),
    st.sampled_from(("alias", "photo", "pgp_key", "writing_style")),
    st.none() | st.floats(-20, 20),
    st.booleans(),
)


def a_link(found: list[Evidence]) -> Link:
    bits = -14.0 + sum(e.weight_bits for e in found if e.counted and e.weight_bits is not None)
    return Link(
        link_id="a",
        left="m:a",
        right="n:b",
        relation="across",
        verdict="same",
        band="lead",
        copier=None,
        possible_framing=False,
        prior_bits=-14.0,
        bits=bits,
        probability=0.5,
        queue_bucket="lead",
        q_value=0.5,
    )


@given(st.lists(FOUND, max_size=6))
def test_each_step_begins_where_the_one_before_ends_and_the_last_is_the_total(
    found: list[Evidence],
) -> None:
    answer = waterfall("run-1", a_link(found), found)
    *steps, total = answer.steps
    assert [s.before_bits for s in steps[1:]] == [s.after_bits for s in steps[:-1]]
    assert steps[-1].after_bits == pytest.approx(total.after_bits, abs=1e-9)


def test_the_first_step_says_where_the_bits_before_any_evidence_come_from() -> None:
    prior = waterfall("run-1", a_link([]), [], "elicited: half a partner an account").steps[0]
    assert (prior.kind, prior.source) == ("prior", "elicited: half a partner an account")


@given(st.lists(FOUND, max_size=6))
def test_every_finding_has_exactly_one_place(found: list[Evidence]) -> None:
    answer = waterfall("run-1", a_link(found), found)
    placed = [s.evidence for s in answer.steps if s.evidence] + answer.not_counted + answer.missing
    assert sorted(map(id, placed)) == sorted(map(id, found))
