"""Addresses of the board."""

from django.urls import URLPattern, path

from shudao.board.views import board, charts, ledger, live, operations, retention, setup

app_name = "board"
urlpatterns = [
    path("", board.board, name="board"),
    path("confirm_message/", board.confirm_message, name="confirm_message"),
    path("setup/", setup.guide, name="setup"),
    path("settings/", setup.settings, name="settings"),
    path("operations/", operations.operations, name="operations"),
    path("metrics/", operations.metrics, name="metrics"),
    path("retention/", retention.retention, name="retention"),
    path("retention/erase_old/", retention.erase_old, name="erase_old"),
    path("retention/records/<int:seq>/", retention.record, name="deletion_record"),
    path("retention/<slug:code>/set_retention/", retention.set_retention, name="set_retention"),
    path("live/", live.live, name="live"),
    path("charts/<str:name>.<str:tone>.<str:size>.png", charts.chart, name="chart"),
    path("runs/<str:code>/", board.board, name="run_board"),
]


def streams(place: str, given: dict[str, str], name: str) -> list[URLPattern]:
    """The pages of a stream below its place."""
    return [
        path(place, ledger.stream, given, name=f"{name}stream"),
        path(f"{place}entries/<int:seq>/", ledger.entry, given, name=f"{name}entry"),
        path(f"{place}download/", ledger.download, given, name=f"{name}download"),
    ]


records = [
    path("", ledger.ledger, name="ledger"),
    *streams("streams/site/", {"kind": "site"}, "site_"),
    *streams("streams/<str:kind>/<str:key>/", {}, ""),
]
"""Pages of the ledger, under its own name: it stands too low in the order of stages to know who may look."""
