"""Forms of sign-in. Those that stand in for the library's say the same in our words."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.org.models import Device, Post, Right, SignInRules, Staff
from shudao.org.sessions import stay

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class SwitchForm(forms.Form):
    """Whom to go on as, in a sample organisation."""

    staff = forms.ModelChoiceField(Staff.objects.all())


class SignInForm(LoginForm):
    """账号与密码 (account and password)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", _("账号")), ("password", _("密码"))):
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; how long that lasts is ours to say."""
        answer = super().login(request, redirect_url)
        if request.user.is_authenticated:
            stay(request, request.user)
        return answer


class PasswordAgainForm(ReauthenticateForm):
    """密码 (password), once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.help_text = _("密码"), ""
        field.widget.attrs.pop("placeholder", None)


class OnceOnly:
    """A code counts once, for as long as it would still be right."""

    def clean_code(self) -> str:
        """The code. An error when it was used a moment ago."""
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            user = self.user  # type: ignore[attr-defined]
            right_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"shudao.code.{user.pk}.{code.strip()}", "used", timeout=right_for):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OnceOnly, AuthenticateForm):
    """验证码 (code) of the second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _("验证码，或一个恢复码"))


class SecondFactorAgainForm(OnceOnly, CodeAgainForm):
    """验证码 (code), once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _("验证码，或一个恢复码"))


class ActivateForm(ActivateTOTPForm):
    """验证码 (code) that shows that the phone has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _("手机上显示的六位验证码"))

    def clean_code(self) -> str:
        """The code; it counts as used, so that nobody signs in with what was read over a shoulder."""
        code = super().clean_code()
        right_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        cache.add(f"shudao.code.{self.user.pk}.{code.strip()}", "used", timeout=right_for)
        return code


class PasskeyForm(AddWebAuthnForm):
    """通行密钥 (passkey): a name for it; whether it signs in alone."""

    name = forms.CharField(label=_("给它起个名字"), required=False, max_length=60)
    passwordless = forms.BooleanField(
        label=_("可以单独登录，不用再输密码"),
        help_text=_("设备会用指纹、面容或锁屏密码确认是您本人。旧式安全钥匙不支持的，去掉这一项。"),
        required=False,
        initial=True,
    )


class PasskeyNameForm(EditWebAuthnForm):
    """名字 (name) of a passkey."""

    name = forms.CharField(label=_("名字"), max_length=60)


class PasswordForm(VerbForm):
    """新密码 (new password), twice; the old one before it where there is one to know."""

    verb = "set_password"
    old = forms.CharField(label=_("现在的密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(
        label=_("新密码"),
        help_text=_("至少十个字符。几个不相干的词连起来，好记也难猜。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(label=_("再输一遍"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, user: AbstractBaseUser, asks_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not asks_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        """The old one must be right."""
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(gettext("现在的密码不对。"))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        """Long enough, not one that everybody uses."""
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean_again(self) -> str:
        """Both the same."""
        again = self.cleaned_data["again"]
        if self.cleaned_data.get("new") and again != self.cleaned_data["new"]:
            raise forms.ValidationError(gettext("两遍输入的不一样。"))
        return again


class EntryLinkForm(VerbForm):
    """一次性链接 (one-time link) for somebody who cannot get in."""

    verb = "make_entry_link"
    sure = forms.BooleanField(label=_("我已当面或打电话确认是本人要登录"))


class ResetForm(VerbForm):
    """重置二次验证 (reset second factor) of somebody who has lost his."""

    verb = "reset_second_factor"
    reason = forms.CharField(label=_("原因"), help_text=_("例如：手机丢失，已当面核对工作证。"), max_length=200)


class EndForm(VerbForm):
    """结束登录 (end sessions): of one device, or of all the others."""

    verb = "end_sessions"
    device = forms.ModelChoiceField(Device.objects.none(), required=False)

    def __init__(self, *args: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device"].queryset = Device.objects.filter(user_id=user.pk)  # type: ignore[attr-defined]


class RightForm(forms.Form):
    """权限 (right) of a post."""

    post = forms.ModelChoiceField(Post.objects.all(), to_field_name="code")
    right = forms.ChoiceField(choices=Right.choices)


class RulesForm(VerbForm):
    """登录规定 (sign-in rules)."""

    verb = "set_sign_in_rules"
    second_factor = forms.ChoiceField(
        label=_("二次验证"),
        help_text=_("除密码外再用手机验证码或通行密钥。没有启用的人，下次打开页面时先被带去启用。"),
        choices=SignInRules.Asked.choices,
        widget=forms.RadioSelect,
    )
    makes_staff = forms.BooleanField(
        label=_("统一身份认证里有、这里还没有的人，第一次登录时自动建档"),
        help_text=_("建档后没有岗位，什么也看不到，等管理员安排岗位。"),
        required=False,
    )


def _ask_code(form: forms.Form, label: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.widget = forms.TextInput(attrs=CODE)
