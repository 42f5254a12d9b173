"""场景 (scene): the real world or one drill run. Every query and action takes one; nothing crosses between them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scene:
    """`live`, or `run:<code>` for a drill run."""

    key: str

    @classmethod
    def run(cls, code: str) -> "Scene":
        """The scene of one drill run."""
        return cls(f"run:{code}")

    @property
    def is_live(self) -> bool:
        """True in the real world."""
        return self.key == "live"

    @property
    def run_code(self) -> str | None:
        """Code of the drill run, None in the real world."""
        return None if self.is_live else self.key.removeprefix("run:")

    @property
    def stream(self) -> str:
        """The ledger stream of what belongs to no single incident."""
        return "site" if self.is_live else f"run/{self.run_code}"

    def __str__(self) -> str:
        return self.key


LIVE = Scene("live")
