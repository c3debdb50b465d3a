"""The foundation's tables, and `Record`, from which every business row descends."""

from jike.foundation.models.attachment import Attachment
from jike.foundation.models.change import Change, ChangeValues, Seal, StreamEra
from jike.foundation.models.conversation import Comment, Follow
from jike.foundation.models.custom_field import CustomField
from jike.foundation.models.importing import ImportMapping, ImportRun
from jike.foundation.models.job_report import JobReport
from jike.foundation.models.matching import DuplicatePair, DuplicateSweep, MatchKey, Merge
from jike.foundation.models.notice import Notice, Subscription
from jike.foundation.models.personal import BackgroundTask, Bookmark, CalendarFeed, Draft, SavedView
from jike.foundation.models.record import Matchable, Record, RecordKey, Searchable
from jike.foundation.models.retention import RetentionReport, RetentionRule
from jike.foundation.models.search_entry import SearchEntry, SearchMove
from jike.foundation.models.share import Share
from jike.foundation.models.tag import Tag

__all__ = [
    "Attachment",
    "BackgroundTask",
    "Bookmark",
    "CalendarFeed",
    "Change",
    "ChangeValues",
    "Comment",
    "CustomField",
    "Draft",
    "DuplicatePair",
    "DuplicateSweep",
    "Follow",
    "ImportMapping",
    "ImportRun",
    "JobReport",
    "MatchKey",
    "Matchable",
    "Merge",
    "Notice",
    "Record",
    "RecordKey",
    "RetentionReport",
    "RetentionRule",
    "SavedView",
    "Seal",
    "SearchEntry",
    "SearchMove",
    "Searchable",
    "Share",
    "StreamEra",
    "Subscription",
    "Tag",
]
