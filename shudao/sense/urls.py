"""Addresses of alerts, stories and topics; a drill run's alerts and stories stand under the run."""

from django.urls import URLPattern, path

from shudao.sense.views import alerts as pages
from shudao.sense.views import departments, holds, search, tone, topics
from shudao.sense.views import stories as told
from shudao.sense.views import trials as tried
from shudao.sense.views.how import how

app_name = "sense"
TOPIC = "topic/<str:code>/"


def alerts(prefix: str, name: str) -> list[URLPattern]:
    """Alerts with their verbs, and stories, below a prefix."""
    place, passed = f"{prefix}alerts/<int:number>/", f"{prefix}warnings/<int:key>/"
    return [
        path(f"{prefix}alerts/", pages.alerts, name=f"{name}alerts"),
        path(f"{prefix}search/", search.search, name=f"{name}search"),
        path(f"{prefix}stories/", told.stories, name=f"{name}stories"),
        path(f"{prefix}stories/<int:key>/", told.story, name=f"{name}story"),
        path(f"{prefix}stories/<int:key>/merge_stories/", holds.merge_stories, name=f"{name}merge_stories"),
        path(f"{prefix}stories/<int:key>/split_story/", holds.split_story, name=f"{name}split_story"),
        path(place, pages.alert, name=f"{name}alert"),
        path(f"{place}acknowledge_alert/", pages.acknowledge_alert, name=f"{name}acknowledge_alert"),
        path(f"{place}dismiss_alert/", pages.dismiss_alert, name=f"{name}dismiss_alert"),
        path(f"{prefix}posts/<int:item>/correct_tone/", tone.correct_tone, name=f"{name}correct_tone"),
        path(f"{place}pass_alert/", departments.pass_alert, name=f"{name}pass_alert"),
        path(passed, departments.warning, name=f"{name}warning"),
        path(f"{passed}acknowledge_warning/", departments.acknowledge_warning, name=f"{name}acknowledge_warning"),
        path(f"{passed}answer_warning/", departments.answer_warning, name=f"{name}answer_warning"),
    ]


urlpatterns = [
    *alerts("", ""),
    *alerts("runs/<str:code>/", "run_"),
    path("rules/add_warning_rule/", departments.add_warning_rule, name="add_warning_rule"),
    path("rules/<int:key>/end_warning_rule/", departments.end_warning_rule, name="end_warning_rule"),
    path("tone/", tone.tone, name="tone"),
    path("how/", how, name="how"),
    path("trials/", tried.trials, name="trials"),
    path("trials/begin_trial/", tried.begin_trial, name="begin_trial"),
    path("trials/<int:key>/", tried.trial, name="trial"),
    path("trials/<int:key>/adopt_trial/", tried.adopt_trial, name="adopt_trial"),
    path("trials/<int:key>/remove_trial/", tried.remove_trial, name="remove_trial"),
    path("topics/", topics.topics, name="topics"),
    path("topics/add_topic/", topics.add_topic, name="add_topic"),
    path("topics/preview/", topics.preview, name="preview_topic"),
    path("topics/import/", topics.bring, name="import_topics"),
    path("topics/export/", topics.export, name="export_topics"),
    path(TOPIC, topics.topic, name="topic"),
    path(f"{TOPIC}add_topic/", topics.add_topic, name="add_topic"),
    path(f"{TOPIC}retire_topic/", topics.retire_topic, name="retire_topic"),
]
