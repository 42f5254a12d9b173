"""登录库的地址 (addresses of the sign-in library): those we want of it, under the names by which it finds itself.

No sign-up, no mail. Whatever needs somebody signed in needs a member of staff. What is ours stands under ours.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.urls import path
from django.views.decorators.http import require_http_methods

from shudao.org.access import METHODS, needs
from shudao.org.views import sign_in, sign_in_account

staff = needs()
anyone = require_http_methods(METHODS)
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("account/", sign_in_account.account, name="mfa_index"),
    path("account/", sign_in_account.account, name="mfa_list_webauthn"),
    path("account/", sign_in_account.account, name="socialaccount_connections"),
    path("account/set_password/", sign_in_account.password, name="account_change_password"),
    path("account/set_password/", sign_in_account.password, name="account_set_password"),
    path("account/disconnect_account/", sign_in_account.part, name="disconnect_account"),
    path("sign-in/inactive/", sign_in.inactive, name="account_inactive"),
    path("sign-in/code/", anyone(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", anyone(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/oidc/<str:provider_id>/", sign_in.away, name="openid_connect_login"),
    path("sign-in/oidc/<str:provider_id>/callback/", sign_in.back, name="openid_connect_callback"),
    path("sign-in/cancelled/", anyone(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("account/again/", staff(account.reauthenticate), name="account_reauthenticate"),
    path("account/again/code/", staff(factors.reauthenticate), name="mfa_reauthenticate"),
    path("account/again/passkey/", staff(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/code/activate/", staff(totp.activate_totp), name="mfa_activate_totp"),
    path("account/code/deactivate/", staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery/", staff(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery/renew/", staff(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/recovery/download/", staff(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("account/passkey/add/", staff(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkey/<int:pk>/remove/", staff(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/passkey/<int:pk>/edit/", staff(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]  # fmt: skip
