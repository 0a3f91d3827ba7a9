"""The model bundles of a workspace: those that were trained, and those that were activated.

Invariant: a name is given once, and what was activated lies frozen under its hash: whatever is
changed later is found, and refused, before it judges anything.
"""

import re
import shutil
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evidence.activations import SHIPPED
from evidence.durable import sync_folder, write_bytes, writing_to
from evidence.errors import RefusedInput, UnknownThing
from features import FEATURES
from linkage.model import MADE, Model, load_model

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
HASH_START = re.compile(r"[0-9a-f]{12,64}")
FROZEN = ".frozen"


class Made(BaseModel):
    """How a bundle came to be: when (aware UTC), by which command, and who typed it."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    command: str
    person: str


class ModelStore:
    """The bundles in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._frozen = folder, folder / FROZEN

    def names(self) -> list[str]:
        """The model that comes with Samehand, then those of the workspace by name."""
        there = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        return [SHIPPED, *(p.name for p in there if p.is_dir() and NAME.fullmatch(p.name))]

    def load(self, word: str) -> Model:
        """The model of that name; else of the folder there; else of that hash, or its start.

        Raises:
            UnknownThing: there is none of these.
            RefusedInput: what is there is no model, or was changed since it was activated.
        """
        if word == SHIPPED:
            return load_model()
        if word in self.names():
            return load_model(self._folder / word)
        if Path(word).is_dir():
            return load_model(Path(word))
        hashes = [path.name for path in self._frozen.glob(f"{word}*")] if _is_hash(word) else []
        if len(hashes) != 1:
            raise UnknownThing("model", word)
        return self.frozen(hashes[0])

    def made(self, name: str) -> Made | None:
        """How a bundle of the workspace was made; None where nothing says so."""
        try:
            return Made.model_validate_json((self._folder / name / f"{MADE}.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def place_for(self, name: str) -> Path:
        """The folder for a new bundle.

        Raises:
            RefusedInput: the name is none, or was given before.
        """
        if not NAME.fullmatch(name):
            raise RefusedInput(
                f"model {name!r}: a name has small letters, digits, dots, hyphens and underscores, "
                "begins with a letter or digit, and is at most 32 long"
            )
        if name in self.names():
            raise RefusedInput(f"there is a model {name} already: choose another name")
        return self._folder / name

    def freeze(self, model: Model) -> None:
        """Keep a copy under its hash, whole or not at all; one that was damaged is replaced."""
        folder = self._frozen / model.model_hash
        if self._is_whole(model.model_hash):
            return
        part = self._frozen / f".{model.model_hash}.part"
        with writing_to(folder):
            shutil.rmtree(part, ignore_errors=True)
            model.save(part)
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
            sync_folder(self._frozen)

    def _is_whole(self, model_hash: str) -> bool:
        try:
            self.frozen(model_hash)
        except RefusedInput:
            return False
        return True

    def frozen(self, model_hash: str) -> Model:
        """The model that was activated with this hash.

        Raises:
            RefusedInput: it is not there any more, or was changed.
        """
        return _unchanged(self._frozen / model_hash, model_hash)

    def refuse_changed(self, name: str, model_hash: str) -> None:
        """Refuse a bundle of the workspace that is another one than was activated.

        Raises:
            RefusedInput: the folder of that name holds another model now; one that is gone, or that
                comes with Samehand, is not looked at: the frozen copy judges.
        """
        if name in self.names()[1:]:
            _unchanged(self._folder / name, model_hash)


def refuse_unknown(model: Model) -> None:
    """Refuse a model with bits for what no feature finds: a word that is misspelt counts nothing.

    Raises:
        RefusedInput: the message names the levels.
    """
    known = {f"{feature.name}.{level.name}" for feature in FEATURES for level in feature.levels}
    named = {f"{name}.{level}" for name, levels in model.rules.weights.items() for level in levels}
    if unknown := sorted(named - known):
        raise RefusedInput(
            f"model {model.rules.name} has bits for {', '.join(unknown)}, which no feature here "
            "finds: correct the word, or leave it out"
        )


def _is_hash(word: str) -> bool:
    return HASH_START.fullmatch(word) is not None


def _unchanged(folder: Path, model_hash: str) -> Model:
    model = load_model(folder)
    if model.model_hash != model_hash:
        raise RefusedInput(
            f"{folder} was changed since it was activated: its hash was {model_hash[:12]} and is "
            f"{model.model_hash[:12]}; put the files back as they were, or go back with "
            "`samehand model rollback`"
        )
    return model


def write_bundle(model: Model, folder: Path, made: Made) -> None:
    """Write a bundle, and how it was made beside it."""
    with writing_to(folder):
        model.save(folder)
    write_bytes(made.model_dump_json(indent=1).encode() + b"\n", folder / f"{MADE}.json")
