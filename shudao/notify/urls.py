"""Addresses of messages, channels, wishes and reachability tests."""

from django.urls import path

from shudao.notify.views import channels, inbox, mine, reach

app_name = "notify"
channel = "channels/<slug:code>/"
test = "reach/<int:number>/"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("confirm_message/", inbox.confirm_message, name="confirm_message"),
    path("runs/<str:code>/inbox/", inbox.inbox, name="run_inbox"),
    path("runs/<str:code>/confirm_message/", inbox.confirm_message, name="run_confirm_message"),
    path("messages/<str:key>/", inbox.message, name="message"),
    path("mine/", mine.set_my_notifications, name="mine"),
    path("mine/set_my_notifications/", mine.set_my_notifications, name="set_my_notifications"),
    path("channels/", channels.channels, name="channels"),
    path("channels/add_channel/", channels.add_channel, name="add_channel"),
    path("channels/set_link_address/", channels.set_link_address, name="set_link_address"),
    path("channels/set_heartbeat/", channels.set_heartbeat, name="set_heartbeat"),
    path(channel, channels.channel, name="channel"),
    path(f"{channel}change_channel/", channels.change_channel, name="change_channel"),
    path(f"{channel}test_channel/", channels.test_channel, name="test_channel"),
    path(f"{channel}remove_channel/", channels.remove_channel, name="remove_channel"),
    *(
        path(f"{channel}{verb}/", channels.do, {"verb": verb}, name=verb)
        for verb in ("pause_channel", "resume_channel")
    ),
    path("reach/", reach.reach_tests, name="reach_tests"),
    path("reach/start_reach_test/", reach.start_reach_test, name="start_reach_test"),
    path("reach/answer/<str:token>/", reach.answer_by_link, name="answer_by_link"),
    path(test, reach.reach_test, name="reach_test"),
    path(f"{test}answers.xlsx", reach.sheet, name="sheet"),
    path(f"{test}answer_reach_test/", reach.answer_reach_test, name="answer_reach_test"),
    path(f"{test}end_reach_test/", reach.end_reach_test, name="end_reach_test"),
]
