"""Posts copied by hand from platforms that nobody may crawl. Nothing is fetched from there."""

from collections.abc import Sequence

from shudao.base.refusal import refuse
from shudao.engine.pictures import Picture
from shudao.engine.post import Post
from shudao.ledger.verbs import Act, verb
from shudao.listen.actions.batches import Batch, take_in
from shudao.listen.actions.evidence import keep_evidence
from shudao.listen.actions.sources import source_for
from shudao.listen.models import Evidence, Item, Source
from shudao.listen.store import Stored

SOURCE, SOURCE_NAME = "pasted", "人工粘贴"


@verb(zh="录入粘贴的帖子", en="paste posts")
def paste_posts(act: Act, posts: Sequence[Post], *, pictures: Sequence[tuple[Stored, Picture]] = ()) -> Batch:
    """Keep posts as they were confirmed; screenshots go to the evidence of the first. One entry for all."""
    if not posts:
        raise refuse("没有可以录入的帖子", "there is no post to keep", code="empty")
    source = source_for(act, SOURCE, name=SOURCE_NAME, kind="social")
    batch, told = take_in(act, source, posts)
    item = batch.items[0] if batch.items else _known(act, source, posts[0])
    for stored, picture in pictures:
        keep_evidence(
            act, stored, kind=Evidence.Kind.PICTURE, media_type=picture.media_type, look=picture.look, item=item
        )
    act.note(**told, pictures=len(pictures))
    return batch


def _known(act: Act, source: Source, post: Post) -> Item | None:
    return Item.objects.in_scene(act.scene).filter(source=source, ext_id=post.id).first()
