"""The models of a workspace as rows: what each is, and which one judges."""

from collections.abc import Callable
from functools import partial
from typing import Any

from evidence.activations import SHIPPED, Activation
from evidence.errors import RefusedInput
from linkage.model import KINDS, Model
from linkage.model_store import Made, ModelStore

FOR_PEOPLE = ("name", "hash", "state", "made", "numbers", "features", "sources")


def model_rows(store: ModelStore, activation: Activation | None) -> list[dict[str, Any]]:
    """A row for each model: the one that comes with Samehand first, then by name.

    `sources` are the SHA-256 of what anything in it was fitted on, `features` those it has bits
    for; `state` says `active`, or why it cannot judge. An active model whose folder is gone has a
    row by its frozen copy.
    """
    active_name = activation.name if activation else SHIPPED
    active_hash = activation.model_hash if activation else None
    rows = [_row(name, partial(store.load, name), store.made(name)) for name in store.names()]
    for row in rows:
        if row["name"] == active_name and row["model_hash"]:
            known = active_hash in (None, row["model_hash"])
            row["state"] = "active" if known else _changed(active_name)
    if active_hash and "active" not in [row["state"] for row in rows]:
        row = _row(active_name, partial(store.frozen, active_hash), None)
        rows.append(row | {"state": row["state"] or "active, frozen"})
    return rows


def _changed(name: str) -> str:
    return "newer than the active one" if name == SHIPPED else "changed since it was activated"


def _row(name: str, load: Callable[[], Model], made: Made | None) -> dict[str, Any]:
    try:
        return _said(name, load(), made)
    except RefusedInput as error:
        nothing = dict.fromkeys(
            ("hash", "model_hash", "made", "numbers", "made_at", "made_by", *KINDS)
        )
        lists = {"features": "", "sources": "", "feature_names": [], "source_ids": []}
        return {"name": name, "state": f"cannot be read: {error}"} | nothing | lists


def _said(name: str, model: Model, made: Made | None) -> dict[str, Any]:
    rules = model.rules
    how = f"{made.at:%Y-%m-%d} by {made.command} ({made.person})" if made else None
    shipped = "with Samehand" if name == SHIPPED else "not said"
    features = sorted(feature for feature, levels in rules.weights.items() if levels)
    return {
        "name": name,
        "hash": model.model_hash[:12],
        "state": "",
        "made": how or shipped,
        "numbers": ", ".join(f"{n} {kind}" for kind, n in rules.source_counts.items()),
        **rules.source_counts,
        "features": len(features),
        "sources": len(rules.trained_on),
        "model_name": rules.name,
        "model_hash": model.model_hash,
        "made_at": made.at.isoformat() if made else None,
        "made_by": made.command if made else None,
        "feature_names": features,
        "source_ids": list(rules.trained_on),
    }
