"""Errors as people and programs see them: problem+json (RFC 9457) under /v1, a page elsewhere."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api import examples

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, after RFC 9457."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [dict(examples.PROBLEM)]})

    type: str = Field(description="names the kind of problem; stays the same between versions")
    title: str = Field(description="the kind of problem in words")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="what is wrong here, and what to do")
    instance: str = Field(description="the path that was asked for")


def problem(request: Request, status: int, title: str, detail: str) -> JSONResponse:
    """The answer that names a problem."""
    kind = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    content = Problem(
        type=f"urn:samehand:problem:{kind}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
    )
    return JSONResponse(content.model_dump(), status, media_type=MEDIA_TYPE)


def title_of(error: Exception) -> str:
    """The name of an error's class in words: `UnknownThing` is "Unknown thing"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).capitalize()


def in_words(errors: Sequence[Any]) -> str:
    """What a request's check found, one clause a field."""
    return "; ".join(f"{_place(error)}: {error['msg']}" for error in errors)


def _place(error: Any) -> str:
    """Where a request is wrong: the name of a field, else its body."""
    names = [str(part) for part in error["loc"][1:]]
    return ".".join(names) if names and error["type"] != "json_invalid" else "the body"


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route's description names the problems it can answer with."""
    schema = Problem.model_json_schema()
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema, "example": dict(examples.PROBLEM)}},
        }
        for status in statuses
    }
