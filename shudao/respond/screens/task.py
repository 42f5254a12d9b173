"""任务页 (one task): what is asked, by whom, until when, what was done with it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.respond.state import SILENT
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Call, Task
from shudao.respond.screens import words as said
from shudao.respond.screens.mine import own_address


class TaskScreen:
    """One task for one reader. `posts`: the posts the reader acts in."""

    def __init__(self, task: Task, posts: Mapping[str, str]) -> None:
        self.task, self.posts = task, posts
        self.now: datetime = clock.now(task.scene_value)
        self.address = own_address("tasks", task)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Posts by code."""
        return queries.known_posts(LIVE, self.task.incident)

    @property
    def state(self) -> Words:
        """Its status in words."""
        return said.TASK[self.task.status]

    @property
    def origin(self) -> Words:
        """Where it comes from."""
        return said.TASK_ORIGIN[self.task.origin]

    @cached_property
    def acting(self) -> str:
        """In which post the reader may go on with it."""
        concerned = queries.concerned_posts(self.task) if self.task.is_open else set()
        return next((code for code in self.posts if code in concerned), "")

    @property
    def giver(self) -> str:
        """In which post the reader gave it; he may return it and leave it out."""
        return self.task.given_by if self.task.given_by in self.posts else ""

    @property
    def is_silent(self) -> bool:
        """Nobody has taken it yet."""
        return self.task.status in SILENT

    @property
    def needs_act(self) -> bool:
        """A step of the plan is gone on with in the room, where its own verb stands."""
        return not self.task.is_typed_in

    @cached_property
    def calls(self) -> list[Call]:
        """The calls of its ladder."""
        return list(self.task.calls.all())

    @property
    def room(self) -> str:
        """The room it belongs to."""
        run = self.task.scene_value.run_code
        number = self.task.incident.number if self.task.incident else ""
        return f"/respond/{f'runs/{run}/' if run else ''}incidents/{number}/" if number else ""
