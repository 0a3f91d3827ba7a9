"""Which model judges: the one that is asked for, else the one that the workspace has activated."""

from evidence.activations import Activation, active
from evidence.ledger import Ledger
from evidence.workspace import Workspace
from linkage.model import Model, load_model
from linkage.model_store import ModelStore


def activation_in_force(workspace: Workspace) -> Activation | None:
    """The activation in force; None where the model that comes with Samehand judges."""
    if not workspace.ledger.exists():
        return None
    with Ledger.open(workspace) as ledger:
        return active(ledger)


def model_for(workspace: Workspace, word: str | None = None) -> Model:
    """The model that is asked for by name, folder or hash; without a word the active one.

    Raises:
        UnknownThing: there is no such model.
        RefusedInput: the active one was changed since it was activated.
    """
    store = ModelStore(workspace.models)
    if word is not None:
        return store.load(word)
    activation = activation_in_force(workspace)
    if activation is None or activation.model_hash is None:
        return load_model()
    store.refuse_changed(activation.name, activation.model_hash)
    return store.frozen(activation.model_hash)
