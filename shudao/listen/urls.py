"""Addresses of listening."""

from django.urls import URLPattern, path

from shudao.listen.views import evidence, hook, imports, inner, paste, report, reports, sources

app_name = "listen"


def of_sources() -> list[URLPattern]:
    """The register of sources."""
    one = "source/<str:code>/"
    return [
        path("sources/", sources.sources, name="sources"),
        path("sources/add_source/", sources.add_source, name="add_source"),
        path(one, sources.source, name="source"),
        path(f"{one}change_source/", sources.change_source, name="change_source"),
        path(f"{one}pause_source/", sources.pause_source, name="pause_source"),
        path(f"{one}resume_source/", sources.resume_source, name="resume_source"),
        path(f"{one}retire_source/", sources.retire_source, name="retire_source"),
        path(f"{one}hasten_source/", sources.hasten_source, name="hasten_source"),
        path("inner-hosts/", inner.inner_hosts, name="inner_hosts"),
        path("inner-hosts/allow_inner_host/", inner.allow_inner_host, name="allow_inner_host"),
        path("inner-hosts/<int:key>/withdraw_inner_host/", inner.withdraw_inner_host, name="withdraw_inner_host"),
    ]


def of_reports() -> list[URLPattern]:
    """Reports of our own people: sending, the queue, observers' links."""
    one, observer = "reports/<int:key>/", "observers/<int:key>/"
    return [
        path("report/", report.report, name="report"),
        path("report/send_report/", report.send_report, name="send_report"),
        path("report/door/", report.report_door, name="report_door"),
        path("report/offline/", report.offline, name="report_offline"),
        path("report/thanks/<int:key>/", report.thanks, name="thanks"),
        path("observer/<str:token>/", report.open_observer_link, name="open_observer_link"),
        path("reports/", reports.reports, name="reports"),
        path(one, reports.one_report, name="one_report"),
        path(f"{one}take_in_report/", reports.take_in_report, name="take_in_report"),
        path(f"{one}mark_report_seen/", reports.mark_report_seen, name="mark_report_seen"),
        path("observers/", reports.observers, name="observers"),
        path(f"{observer}invite_observer/", reports.invite_observer, name="invite_observer"),
        path(f"{observer}withdraw_observer_link/", reports.withdraw_observer_link, name="withdraw_observer_link"),
        path("paste/", paste.paste, name="paste"),
        path("paste/paste_posts/", paste.paste_posts, name="paste_posts"),
    ]


def of_evidence() -> list[URLPattern]:
    """The evidence store."""
    return [
        path("evidence/", evidence.evidence, name="evidence"),
        path("evidence/<int:key>/", evidence.piece, name="piece"),
        path("evidence/<int:key>/look_at_evidence/", evidence.look_at_evidence, name="look_at_evidence"),
    ]


def of_imports() -> list[URLPattern]:
    """Files handed over."""
    one = "imports/<int:key>/"
    return [
        path("imports/", imports.imports, name="imports"),
        path("imports/upload_import/", imports.upload_import, name="upload_import"),
        path(one, imports.one_import, name="one_import"),
        path(f"{one}start_import/", imports.start_import, name="start_import"),
        path(f"{one}stop_import/", imports.stop_import, name="stop_import"),
        path(f"{one}rejects.xlsx", imports.rejects, {"form": "xlsx"}, name="rejects"),
        path(f"{one}rejects.csv", imports.rejects, {"form": "csv"}, name="rejects_csv"),
    ]


def of_hooks() -> list[URLPattern]:
    """Web hooks in: the address itself, and the pages to set it up."""
    one = "hooks/<slug:code>/"
    return [
        path("hook/<slug:code>/", hook.hook, name="hook"),
        path("hooks/", hook.hooks, name="hooks"),
        path("hooks/open_hook/", hook.open_hook, name="open_hook"),
        path(one, hook.one_hook, name="one_hook"),
        path(f"{one}rotate_hook_secret/", hook.rotate_hook_secret, name="rotate_hook_secret"),
        path(f"{one}withdraw_hook/", hook.withdraw_hook, name="withdraw_hook"),
    ]


urlpatterns = [
    *of_sources(),
    *of_reports(),
    *of_evidence(),
    *of_imports(),
    *of_hooks(),
]
