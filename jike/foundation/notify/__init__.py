"""Notices: what people are told at once in the application, and later by mail where they want that."""

from jike.foundation.notify.digests import mail_digest, mail_is_configured, start_digests
from jike.foundation.notify.telling import (
    Channel,
    Shown,
    Telling,
    Topic,
    choose_channel,
    declare_topics,
    mark_read,
    notices_of,
    notify,
    notify_each,
    shown,
    subscriptions_of,
    topics,
    unread_count,
    withdraw,
)

__all__ = [
    "Channel",
    "Shown",
    "Telling",
    "Topic",
    "choose_channel",
    "declare_topics",
    "mail_digest",
    "mail_is_configured",
    "mark_read",
    "notices_of",
    "notify",
    "notify_each",
    "shown",
    "start_digests",
    "subscriptions_of",
    "topics",
    "unread_count",
    "withdraw",
]
