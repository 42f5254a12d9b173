"""Forms of editions and written plans, one a verb."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.engine.guard import MEBIBYTE
from shudao.engine.plan.model import Plan

MOST_MIB = 20
NEW = "+"
FORMS = ".docx,.md,.txt,.pdf,.zip"


class DraftPlanForm(VerbForm):
    """Take a shipped plan as the pattern of one's own."""

    verb = "draft_plan"
    plan = forms.CharField(widget=forms.HiddenInput)
    upload = forms.IntegerField(widget=forms.HiddenInput, required=False)
    organisation = forms.CharField(
        label=_("写进预案的单位名称"), max_length=120, help_text=_("样例里的单位名称会全部换成它。")
    )


class UploadPlanForm(VerbForm):
    """Hand over a written plan, or a plan folder in a zip."""

    verb = "upload_plan"
    file = forms.FileField(
        label=_("预案文件"),
        help_text=_(
            "文字预案：.docx、.md、.txt、.pdf；用 YAML 写的预案文件夹：压缩成 .zip。最大 20 MB。"
            ".doc、.wps 请先另存为 .docx。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": FORMS}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MIB * MEBIBYTE:
            raise forms.ValidationError(_("文件超过 20 MB：请去掉图片后另存再传。"))
        return file


class NamePartsForm(VerbForm):
    """The names that a draft's parts have in this organisation."""

    verb = "name_parts"
    title = forms.CharField(label=_("预案名称"), max_length=200)
    doc_no = forms.CharField(label=_("文号"), max_length=60, required=False)
    effective_from = forms.DateField(
        label=_("施行日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填则自签发之日起。"),
    )
    parent = forms.CharField(
        label=_("上级预案"), max_length=200, required=False, help_text=_("本预案承接的上级预案名称。")
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.initial |= {
            "title": plan.title, "doc_no": plan.doc_no, "effective_from": plan.effective_from, "parent": plan.parent or ""
        }  # fmt: skip
        for part, rows in (("unit", plan.units), ("post", plan.posts)):
            for row in rows:
                self.fields[f"{part}-{row.id}"] = forms.CharField(label=row.name, max_length=120, initial=row.name)

    @property
    def units(self) -> list[Any]:
        """Fields of the units, those outside the house first: a sample's are nobody's real superior."""
        rank = {"superior": 0, "external": 1}
        rows = sorted(self.plan.units, key=lambda unit: rank.get(unit.kind, 2))
        return [self[f"unit-{row.id}"] for row in rows]

    @property
    def posts(self) -> list[Any]:
        """Fields of the posts."""
        return [self[f"post-{row.id}"] for row in self.plan.posts]

    @property
    def head(self) -> list[Any]:
        """Fields of the plan's first page."""
        return [self[name] for name in ("title", "doc_no", "effective_from", "parent")]

    def named(self, part: str) -> dict[str, str]:
        """The names given to units or posts, by id."""
        prefix = f"{part}-"
        given = self.cleaned_data.items()
        return {name.removeprefix(prefix): str(value) for name, value in given if name.startswith(prefix)}


class BindPostsForm(VerbForm):
    """For each post of the plan that the organisation has not: make it, or say which of its own it is."""

    verb = "add_posts_from_plan"

    def __init__(
        self, *args: Any, plan: Plan, known: Collection[str], choices: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = {row.id: row.name for row in plan.units}
        by_name = {name: code for code, name in choices.items()}
        for row in plan.posts:
            if row.id in known:
                continue
            new = _("新设岗位：%(post)s（%(unit)s）") % {"post": row.name, "unit": units.get(row.unit, row.unit)}
            own = [(code, _("就是本单位的：%(post)s") % {"post": name}) for code, name in choices.items()]
            self.fields[row.id] = forms.ChoiceField(
                label=row.name, choices=[(NEW, new), *own], initial=by_name.get(row.name, NEW)
            )

    @property
    def bindings(self) -> dict[str, str]:
        """Post of the plan -> post of the organisation, where one was named."""
        return {name: code for name, code in self.cleaned_data.items() if code != NEW}


class SignPlanForm(VerbForm):
    """Sign an edition."""

    verb = "sign_plan"
    confirm = forms.BooleanField(label=_("我已通读这一版，有权签发，知道签发后内容不能再改，新的事件都按它办理"))


class ReturnPlanForm(VerbForm):
    """Send an edition back to be changed."""

    verb = "return_plan"
    reason = forms.CharField(label=_("退回意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RetirePlanForm(VerbForm):
    """Take an edition out of force."""

    verb = "retire_plan"
    reason = forms.CharField(label=_("为什么停用"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
