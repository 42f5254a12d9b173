"""Forms of topics: writing one, taking a file of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.engine.sense.query import QueryError, Topic, parse
from shudao.engine.words import BadInput

MOST_BYTES = 1_000_000
LANGUAGES = [("zh", _("中文")), ("en", _("英文")), ("ja", _("日文")), ("ko", _("韩文"))]


class QueryField(forms.CharField):
    """检索式 (query): the language of topics; what cannot be read is said with its place."""

    widget = forms.Textarea(attrs={"rows": 5, "class": "query", "spellcheck": "false", "autocapitalize": "off"})

    def clean(self, value: Any) -> str:
        """The query as written."""
        query = str(super().clean(value))
        try:
            parse(query)
        except QueryError as fault:
            raise forms.ValidationError(fault.line(get_language() or "zh"), code="query") from None
        return query


class AddTopicForm(VerbForm):
    """Write a topic, or the next version of one."""

    verb = "add_topic"
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("别人一看就懂的说法，例如：停电与抢修"))
    query = QueryField(label=_("检索式"), max_length=20_000, strip=True)
    owner_post = forms.ChoiceField(
        label=_("负责岗位"), required=False, help_text=_("这个专题的预警送到该岗位的收件箱。")
    )
    sources = forms.CharField(
        label=_("只看这些来源"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个媒体或信源的名称；不填则不限。"),
    )
    languages = forms.MultipleChoiceField(
        label=_("只看这些语言"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    code = forms.SlugField(
        label=_("代码"), max_length=60, required=False, help_text=_("字母、数字、- 和 _；不填自动编号，以后不能改。")
    )

    def __init__(self, *args: Any, posts: Mapping[str, str], topic: Topic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        known = dict(posts)
        if topic and topic.owner_post and topic.owner_post not in known:
            known[topic.owner_post] = topic.owner_post
        self.fields["owner_post"].choices = [("", _("不指定")), *known.items()]  # type: ignore[attr-defined]
        if topic:
            del self.fields["code"]
            self.initial |= {"name": topic.name, "query": topic.query, "owner_post": topic.owner_post}
            self.initial |= {"sources": "\n".join(topic.sources), "languages": list(topic.languages)}

    def written(self, fresh: str) -> Topic:
        """The topic as written; `fresh` is the id of one that was given none."""
        given = self.cleaned_data
        ident = self.topic.id if self.topic else given.get("code") or fresh
        sources = (line.strip() for line in given["sources"].splitlines())
        return Topic(
            id=ident,
            name=given["name"],
            query=given["query"],
            sources=tuple(dict.fromkeys(line for line in sources if line)),
            languages=tuple(given["languages"]),
            owner_post=given["owner_post"],
        )

    def refuse_input(self, fault: BadInput) -> None:
        """Show what is wrong with the topic as a whole."""
        self.add_error(None, fault.line(get_language() or "zh"))


class ImportTopicsForm(VerbForm):
    """A file of topics, written or chosen, or one of the shipped ones."""

    verb = "import_topics"
    shipped = forms.ChoiceField(label=_("样例专题"), required=False)
    file = forms.FileField(
        label=_("专题文件"), required=False, help_text=_("YAML：topics: [{id, name, query, owner_post}]，最大 1 MB。")
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MOST_BYTES)

    def __init__(self, *args: Any, shipped: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shipped"].choices = [("", _("不用样例")), *shipped.items()]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data.get("file")
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 1 MB。"))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the three ways."""
        given = super().clean() or {}
        if not self.errors and not any(given.get(name) for name in ("shipped", "file", "text")):
            raise forms.ValidationError(_("请选一份样例，或交一个专题文件。"))
        return given
