"""Addresses of the written plan."""

from django.urls import path

from shudao.plan.views import drafts, editions, signing, uploads

app_name = "plan"
EDITION = "editions/<int:key>/"
UPLOAD = "uploads/<int:key>/"
urlpatterns = [
    path("", editions.editions, name="editions"),
    path("library/", drafts.library, name="library"),
    path("draft_plan/", drafts.draft_plan, name="draft_plan"),
    path("upload_plan/", uploads.upload_plan, name="upload_plan"),
    path(UPLOAD, uploads.upload, name="upload"),
    path(f"{UPLOAD}file/", uploads.file, name="upload_file"),
    path(f"{UPLOAD}folder/", uploads.folder, name="upload_folder"),
    path(f"{UPLOAD}discard_upload/", uploads.discard_upload, name="discard_upload"),
    path(EDITION, editions.edition, name="edition"),
    path(f"{EDITION}print/", editions.printed, name="print"),
    path(f"{EDITION}folder/", editions.folder, name="folder"),
    path(f"{EDITION}posts/", drafts.posts, name="posts"),
    path(f"{EDITION}add_posts_from_plan/", drafts.add_posts_from_plan, name="add_posts_from_plan"),
    path(f"{EDITION}name_parts/", drafts.name_parts, name="name_parts"),
    path(f"{EDITION}acknowledge_not_executable/", drafts.acknowledge_not_executable, name="acknowledge_not_executable"),
    path(f"{EDITION}sign_plan/", drafts.sign_plan, name="sign_plan"),
    path(f"{EDITION}submit_plan/", signing.submit_plan, name="submit_plan"),
    path(f"{EDITION}approve_plan/", signing.approve_plan, name="approve_plan"),
    path(f"{EDITION}return_plan/", signing.return_plan, name="return_plan"),
    path(f"{EDITION}retire_plan/", drafts.retire_plan, name="retire_plan"),
    path(f"{EDITION}discard_plan/", drafts.discard_plan, name="discard_plan"),
]
