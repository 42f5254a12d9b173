"""Forms of sign-in."""

from django import forms

from shudao.org.models import Staff


class SwitchForm(forms.Form):
    """Whom to go on as, in a sample organisation."""

    staff = forms.ModelChoiceField(Staff.objects.all())
