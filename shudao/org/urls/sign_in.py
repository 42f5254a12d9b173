"""Addresses of sign-in: ways in and out, one's own account, helping others in, rules and rights."""

from django.urls import path

from shudao.org.views import rights, sign_in, sign_in_account, sign_in_recovery

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("enter/<str:token>/", sign_in.use_link, name="use_entry_link"),
    path("switch-person/", sign_in.switch, name="switch_person"),
    path("alive/", sign_in.alive, name="alive"),
    path("account/", sign_in_account.account, name="account"),
    path("account/set_password/", sign_in_account.password, name="set_password"),
    path("account/end_sessions/", sign_in_account.end, name="end_sessions"),
    path("sign-in-help/<int:staff>/", sign_in_recovery.help_in, name="sign_in_help"),
    path("sign-in-help/<int:staff>/make_entry_link/", sign_in_recovery.link, name="make_entry_link"),
    path("sign-in-help/<int:staff>/reset_second_factor/", sign_in_recovery.reset, name="reset_second_factor"),
    path("sign-in-rules/", rights.rules, name="sign_in_rules"),
    path("sign-in-rules/set_sign_in_rules/", rights.set_rules, name="set_sign_in_rules"),
    path("rights/", rights.matrix, name="rights"),
    path("rights/grant_right/", rights.grant, name="grant_right"),
    path("rights/withdraw_right/", rights.withdraw, name="withdraw_right"),
]
