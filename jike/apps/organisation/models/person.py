"""`Person`: whoever signs in; what they may do follows from their posts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models.unit import Unit
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.values.pinyin import sort_key
from jike.values.rights import Domain

LANGUAGES = (("zh-hans", _("中文")), ("en", _("English")))
THEMES = (("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))


class Person(Record, AbstractBaseUser):
    """A member of staff, known by the staff number; ``unit`` is the home unit, posts may lie in others."""

    SCOPE = {"own": "id", "unit": "unit_id"}
    SEALED = {"phone": "organisation.person:see_phone"}
    UNRECORDED = frozenset({"password"})
    ACTIONS = {
        **STANDARD_ACTIONS,
        "see_phone": _("See the phone number"),
        "reset_password": _("Set a first password"),
        "set_password": _("Change the password"),
        "set_preferences": _("Set language and look"),
        "sign_out": _("Sign out everywhere"),
        "see_as": _("See as this person"),
    }
    DOMAINS = {
        **dict.fromkeys(("add", "change", "remove", "reset_password", "sign_out"), Domain.SYSTEM),
        "see_as": Domain.SECURITY,
    }
    DERIVED = {"name_key": Derived("name", sort_key)}

    staff_no = models.CharField(_("staff number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_key = models.CharField(_("order of names"), max_length=300, editable=False, db_collation="C", blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("home unit"), related_name="people")
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(_("language"), max_length=8, choices=LANGUAGES, default="zh-hans")
    theme = models.CharField(_("look"), max_length=5, choices=THEMES, default="auto")
    must_change_password = models.BooleanField(_("must change the password"), default=True)
    password_set_at = models.DateTimeField(_("password set"), null=True, blank=True)

    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager["Person"]] = BaseUserManager()

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
