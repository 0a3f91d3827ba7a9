"""What was taken in, for the commands that have nothing to do without it."""

from evidence.archive import load_corpus
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.views import ALL
from evidence.workspace import Workspace


def taken_in(workspace: Workspace) -> Corpus:
    """The corpus of a workspace.

    Raises:
        RefusedInput: its archive holds no account.
    """
    corpus = load_corpus(workspace)
    if corpus.account_count == 0:
        raise nothing_taken_in(workspace)
    return corpus


def nothing_taken_in(workspace: Workspace, view: str = ALL) -> RefusedInput:
    """What to say of an archive, or of a view of it, without an account."""
    if view != ALL:
        return RefusedInput(
            f"the view {view} shows nothing: no source that it names is in force "
            "(`samehand view show`, `samehand source list`)"
        )
    return RefusedInput(
        f"the archive of {workspace.root} holds nothing: take something in with `samehand intake`"
    )
