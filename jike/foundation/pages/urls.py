"""Addresses of the foundation's pages and fragments."""

from django.urls import path

from jike.foundation.pages import (
    attachments,
    audit_log,
    background,
    conversation,
    home,
    jobs,
    notices,
    palette,
    releases,
)

app_name = "foundation"
urlpatterns = [
    path("home/cards/<slug:name>/", home.card, name="home_card"),
    path("search/", palette.search, name="search"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:number>/retry/", jobs.retry, name="job_retry"),
    path("jobs/<int:number>/cancel/", jobs.cancel, name="job_cancel"),
    path("background/", background.tasks, name="tasks"),
    path("background/<uuid:uid>/", background.watch, name="task_watch"),
    path("background/<uuid:uid>/file/", background.download, name="task_file"),
    path("background/<uuid:uid>/cancel/", background.cancel, name="task_cancel"),
    path("background/<uuid:uid>/again/", background.again, name="task_again"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<uuid:uid>/", releases.act, name="release"),
    path("history/", audit_log.audit_log, name="audit"),
    path("history/verify/", audit_log.verify_now, name="audit_verify"),
    path("history/<str:kind>/<uuid:uid>/", audit_log.record_history, name="history"),
    path("comments/people/", conversation.people_to_mention, name="mention_people"),
    path("comments/people/<uuid:uid>/", conversation.mention, name="mention"),
    path("comments/<uuid:uid>/edit/", conversation.edit, name="comment_edit"),
    path("comments/<uuid:uid>/remove/", conversation.remove, name="comment_remove"),
    path("comments/<uuid:uid>/restore/", conversation.restore, name="comment_restore"),
    path("comments/<str:kind>/<uuid:uid>/", conversation.comments, name="comments"),
    path("following/<str:kind>/<uuid:uid>/", conversation.following, name="following"),
    path("files/<uuid:uid>/", attachments.download, name="attachment"),
    path("files/<uuid:uid>/remove/", attachments.remove, name="attachment_remove"),
    path("files/<uuid:uid>/restore/", attachments.restore, name="attachment_restore"),
    path("files/<str:kind>/<uuid:uid>/", attachments.attachments, name="attachments"),
    path("notices/", notices.notices, name="notices"),
    path("notices/count/", notices.count, name="notices_count"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/choose/", notices.choose, name="notices_choose"),
    path("notices/<int:number>/", notices.follow_notice, name="notice"),
]
