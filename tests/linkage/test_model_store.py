from datetime import UTC, datetime

import pytest

from evidence.errors import RefusedInput, UnknownThing
from linkage.model import load_model
from linkage.model_store import Made, ModelStore, write_bundle
from tests.linkage.toys import a_model

MADE = Made(at=datetime(2021, 5, 1, tzinfo=UTC), command="train links", person="C. Alder")


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")


def written(store, name, **thresholds):
    model = a_model(**thresholds)
    write_bundle(model, store.place_for(name), MADE)
    return model


def test_the_model_that_comes_with_samehand_is_always_there(store):
    assert store.names() == ["default"]
    assert store.load("default").model_hash == load_model().model_hash


def test_a_bundle_is_found_by_its_name_and_says_how_it_was_made(store):
    model = written(store, "quay-2")
    assert store.names() == ["default", "quay-2"]
    assert store.load("quay-2").model_hash == model.model_hash
    assert store.made("quay-2") == MADE
    assert store.made("default") is None


def test_when_a_model_was_made_is_no_part_of_what_it_is(store, tmp_path):
    model = written(store, "one")
    later = MADE.model_copy(update={"at": datetime(2022, 1, 1, tzinfo=UTC)})
    write_bundle(model, tmp_path / "two", later)
    assert store.load("one").model_hash == store.load(str(tmp_path / "two")).model_hash


@pytest.mark.parametrize("name", ["default", "quay-2", "Quay", "../quay", ".frozen", "", "x" * 33])
def test_a_name_is_given_once_and_is_no_path(store, name):
    written(store, "quay-2")
    with pytest.raises(RefusedInput, match="model"):
        store.place_for(name)


def test_what_is_no_name_no_folder_and_no_hash_is_unknown(store):
    with pytest.raises(UnknownThing, match="nobody"):
        store.load("nobody")


def test_a_frozen_model_is_found_by_the_start_of_its_hash(store):
    model = written(store, "quay")
    store.freeze(model)
    store.freeze(model)
    assert store.load(model.model_hash[:12]).model_hash == model.model_hash
    assert store.names() == ["default", "quay"]
    with pytest.raises(UnknownThing):
        store.load(model.model_hash[:8])


def test_a_frozen_model_that_somebody_changed_is_refused(store, tmp_path):
    model = written(store, "quay")
    store.freeze(model)
    a_model(lead_probability=0.01).save(tmp_path / "models" / ".frozen" / model.model_hash)
    with pytest.raises(RefusedInput, match="was changed since it was activated"):
        store.frozen(model.model_hash)


def test_who_activates_a_model_again_has_its_damaged_copy_mended(store, tmp_path):
    model = written(store, "quay")
    store.freeze(model)
    torn = tmp_path / "models" / ".frozen" / model.model_hash / "model.json"
    torn.write_text("{", encoding="utf-8")
    store.freeze(model)
    assert store.frozen(model.model_hash).model_hash == model.model_hash


def test_a_folder_that_holds_another_model_than_was_activated_is_refused(store, tmp_path):
    model = written(store, "quay")
    store.refuse_changed("quay", model.model_hash)
    a_model(lead_probability=0.01).save(tmp_path / "models" / "quay")
    with pytest.raises(RefusedInput, match="rollback"):
        store.refuse_changed("quay", model.model_hash)


def test_a_folder_that_is_gone_is_no_reason_to_refuse(store):
    store.refuse_changed("quay", "ab" * 32)
