"""Commands of many options, which their help shows in groups."""

from collections.abc import Callable
from copy import copy
from dataclasses import fields
from functools import wraps
from inspect import Parameter, Signature, getdoc, signature
from typing import Annotated, Any, get_args


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command that typer can read, of one whose arguments are groups of options.

    Args:
        command: each of its arguments is a dataclass; the fields are options, with typer's
            annotation and a default, and the docstring is what their group is called.
    """
    groups: list[Any] = [argument.annotation for argument in signature(command).parameters.values()]

    @wraps(command)
    def called(**given: object) -> None:
        command(*(group(**{f.name: given[f.name] for f in fields(group)}) for group in groups))

    options = [
        _in_panel(option, getdoc(group))
        for group in groups
        for option in signature(group).parameters.values()
    ]
    vars(called)["__signature__"] = Signature(options)
    return called


def _in_panel(option: Parameter, title: str | None) -> Parameter:
    kind, said = get_args(option.annotation)
    said = copy(said)
    said.rich_help_panel = title
    return option.replace(annotation=Annotated[kind, said])
