"""`Person`: whoever signs in; what they may do follows from their posts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models.unit import Unit
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.values.pinyin import initials_variants, sort_key, syllables
from jike.values.rights import Domain

LANGUAGES = (("zh-hans", _("中文")), ("en", _("English")))
THEMES = (("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))


def name_key(name: str) -> str:
    """Return the key under which a person's name is ordered, its surname read as one."""
    return sort_key(name, person=True)


def spelling(name: str) -> str:
    """Return what may be typed for a name, each after a space: `` zhangsan zs``."""
    words = ["".join(syllables(name, person=True)), *initials_variants(name)]
    return "".join(f" {word}" for word in dict.fromkeys(words))[:SPELLING_LENGTH]


SPELLING_LENGTH = 500


class Person(Record, AbstractBaseUser):
    """A member of staff, known by the staff number; ``unit`` is the home unit, posts may lie in others."""

    SCOPE = {"own": "id", "unit": "unit_id"}
    SEALED = {"phone": "organisation.person:see_phone", "address": "organisation.person:see_address"}
    """The number to call, and from where they signed in, which the history notes."""
    UNRECORDED = frozenset({"password", "former_passwords"})
    ACTIONS = {
        **STANDARD_ACTIONS,
        "see_phone": _("See the phone number"),
        "see_address": _("See from where they signed in"),
        "reset_password": _("Set a first password"),
        "set_password": _("Change the password"),
        "set_preferences": _("Set language and look"),
        "sign_out": _("Sign out everywhere"),
        "see_as": _("See as this person"),
    }
    VERBS = {
        "move": _("Move to another unit"),
        "disable": _("Shut out"),
        "enable": _("Let in again"),
        "sign_in": _("Signed in"),
        "sign_in_failed": _("Failed to sign in"),
        "locked_out": _("Locked after failures"),
        "sign_out": _("Signed out"),
        "sign_out_everywhere": _("Sign out everywhere"),
        "reset_second_factor": _("Take the second factor away"),
        "see_as_ended": _("Stopped seeing as this person"),
    }
    FACTS = {
        "method": _("Method"),
        "address": _("Address"),
        "step": _("Step"),
        "at": _("Time"),
        "sessions": _("Sessions"),
        "second_factors": _("Second factors"),
    }
    DOMAINS = {
        **dict.fromkeys(("add", "change", "remove", "reset_password", "sign_out"), Domain.SYSTEM),
        "see_as": Domain.SECURITY,
    }
    SEARCH = Searchable(title="name", codes=("staff_no",), phones=("phone",), context=("unit__name",))
    DERIVED = {"name_key": Derived("name", name_key), "spelling": Derived("name", spelling)}

    staff_no = models.CharField(_("staff number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_key = models.CharField(
        _("order of names"), max_length=300, editable=False, db_collation="C", blank=True
    )
    spelling = models.CharField(_("spelling"), max_length=SPELLING_LENGTH, editable=False, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("home unit"), related_name="people", db_index=False
    )
    """Without an index of its own: ``person_in_unit`` begins with it."""
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, default="zh-hans")
    theme = models.CharField(_("look"), max_length=5, choices=THEMES, default="auto")
    must_change_password = models.BooleanField(_("must change the password"), default=True)
    password_set_at = models.DateTimeField(_("password set"), null=True, blank=True)
    former_passwords = ArrayField(
        models.TextField(), verbose_name=_("former passwords"), default=list, blank=True, editable=False
    )
    last_login = None
    """Not kept: each sign-in is a change in the history, and the session list knows the open ones."""

    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name_key", "id")
        indexes = (
            models.Index(fields=("name_key", "id"), name="person_by_name"),
            models.Index(fields=("unit", "name_key"), name="person_in_unit"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("phone",),
                condition=~models.Q(phone="") & models.Q(removed_at=None),
                name="person_phone_once",
                violation_error_message=_("Another person has this phone number."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> bool:
        """Whether the person may sign in at all."""
        return self.is_active and self.removed_at is None
