"""登录设置 (sign-in): how django-allauth behaves here. Accounts, no mail; nobody registers himself."""

import environ

env = environ.Env()

ACCOUNT_ADAPTER = "shudao.org.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "org:sign_in"
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "shudao.org.forms.sign_in.SignInForm",
    "reauthenticate": "shudao.org.forms.sign_in.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "use_entry_link": "20/m/ip",
    "single_sign_on": "30/m/ip",
}
"""Per address and per account. A one-time link cannot be guessed, but need not be tried at leisure either."""

MFA_ADAPTER = "shudao.org.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_FORMS = {
    "authenticate": "shudao.org.forms.sign_in.SecondFactorForm",
    "reauthenticate": "shudao.org.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "shudao.org.forms.sign_in.ActivateForm",
    "add_webauthn": "shudao.org.forms.sign_in.PasskeyForm",
    "edit_webauthn": "shudao.org.forms.sign_in.PasskeyNameForm",
}

SOCIALACCOUNT_ADAPTER = "shudao.org.accounts.SingleSignOn"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"


def _provider() -> dict[str, object]:
    """统一身份认证 (single sign-on): one OpenID Connect provider of the office, named by the environment."""
    server = env("SHUDAO_OIDC_SERVER", default="")
    if not server:
        return {}
    app = {
        "provider_id": "office",
        "name": env("SHUDAO_OIDC_NAME", default="OpenID Connect"),
        "client_id": env("SHUDAO_OIDC_CLIENT"),
        "secret": env("SHUDAO_OIDC_SECRET", default=""),
        "settings": {"server_url": server, "claim": env("SHUDAO_OIDC_CLAIM", default="")},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = _provider()
