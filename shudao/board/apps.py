"""态势 (board): the page that looks across all stages."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "shudao.board"
    label = "board"

    def ready(self) -> None:
        """The live pages ask the stages, which are ready now."""
        from shudao.base.live import use_sources  # noqa: PLC0415 - models must be loaded first
        from shudao.board.streams import sources  # noqa: PLC0415 - likewise

        use_sources(sources())
