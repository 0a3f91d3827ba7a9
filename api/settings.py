"""The settings, and the only reader of the environment."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting is an environment variable `SAMEHAND_NAME`."""

    model_config = SettingsConfigDict(env_prefix="SAMEHAND_", env_ignore_empty=True, frozen=True)

    workspace: Path = Field(Path("workspace"), description="Folder of archive, ledger and runs")
    neo4j_uri: str | None = Field(
        None, description="Bolt address of a Neo4j; unset: embedded graph"
    )
    neo4j_uris: str | None = Field(
        None, description="Bolt addresses of further views: `view=bolt://…;view=bolt://…`"
    )
    neo4j_user: str = Field("neo4j", description="User at that Neo4j")
    neo4j_password: SecretStr | None = Field(None, description="Password at that Neo4j")
    actor: str = Field("local", description="Who reads and decides, in a single-user installation")


def utc_now() -> datetime:
    """The clock; everything below this floor takes the time as an argument."""
    return datetime.now(UTC)
