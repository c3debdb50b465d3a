"""Relationships between customers; what one keeps of key persons, and their consent to it; gaps in coverage."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jike.apps.customers.models.entering
import jike.foundation.entering
import jike.values.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_environment"),
        ("organisation", "0002_fewer_indexes_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareerEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(
                        default=jike.values.identifiers.uid7, editable=False, unique=True, verbose_name="uid"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
                ),
                (
                    "employer",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="employer",
                    ),
                ),
                (
                    "job_title",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="job title",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="department",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "career entry",
                "verbose_name_plural": "career entries",
                "ordering": (models.OrderBy(models.F("until"), descending=True, nulls_last=True), "-id"),
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(
                        default=jike.values.identifiers.uid7, editable=False, unique=True, verbose_name="uid"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("spouse", "Spouse"),
                                ("family", "Family"),
                                ("circle", "Social circle"),
                                ("hobbies", "Hobbies"),
                            ],
                            max_length=8,
                        ),
                        size=None,
                        verbose_name="topics of the consent",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="given on")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("signed", "Signed on paper"),
                            ("mail", "By e-mail"),
                            ("message", "By message"),
                            ("spoken", "Spoken, with a witness"),
                        ],
                        max_length=7,
                        verbose_name="given how",
                    ),
                ),
                (
                    "wording",
                    models.TextField(
                        blank=True,
                        max_length=1000,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(1000),
                        ],
                        verbose_name="what was asked and answered",
                    ),
                ),
                ("document", models.UUIDField(blank=True, null=True, verbose_name="document")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="withdrawn on")),
                (
                    "withdrawal",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="how it was withdrawn",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ("-given_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="CustomerRelationship",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(
                        default=jike.values.identifiers.uid7, editable=False, unique=True, verbose_name="uid"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("owns", "owns"),
                            ("controls", "controls"),
                            ("supplies", "supplies"),
                            ("partners", "is a partner of"),
                        ],
                        max_length=8,
                        verbose_name="nature of the relationship",
                    ),
                ),
                (
                    "share_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="share owned",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "remarks",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="remarks",
                    ),
                ),
            ],
            options={
                "verbose_name": "relationship between customers",
                "verbose_name_plural": "relationships between customers",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="MemorialDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(
                        default=jike.values.identifiers.uid7, editable=False, unique=True, verbose_name="uid"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed"),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=60,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="what it means",
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        validators=[jike.apps.customers.models.entering.valid_birthday],
                        verbose_name="first day",
                    ),
                ),
                ("lunar", models.BooleanField(default=False, verbose_name="kept by the lunar calendar")),
                (
                    "day_key",
                    models.PositiveSmallIntegerField(
                        editable=False, null=True, verbose_name="key of the day"
                    ),
                ),
            ],
            options={
                "verbose_name": "memorial day",
                "verbose_name_plural": "memorial days",
                "ordering": ("day", "id"),
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="coverage_gaps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("nobody", "Nobody known"),
                        ("no_decider", "No decider known"),
                        ("decider_opposed", "A decider is against us"),
                        ("not_spoken_to", "Not spoken to for 90 days"),
                        ("sole_contact", "Sole contact"),
                        ("no_supporter", "Nobody supports us"),
                    ],
                    max_length=15,
                ),
                blank=True,
                db_default=[],
                default=list,
                editable=False,
                size=None,
                verbose_name="gaps in coverage",
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="birthday_key",
            field=models.PositiveSmallIntegerField(
                editable=False, null=True, verbose_name="key of the birthday"
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="birthday_lunar",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="birthday kept by the lunar calendar"
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="circle",
            field=models.TextField(
                blank=True,
                db_default="",
                max_length=500,
                validators=[
                    jike.foundation.entering.valid_line,
                    django.core.validators.MaxLengthValidator(500),
                ],
                verbose_name="social circle",
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="consented",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=8),
                blank=True,
                db_default=[],
                default=list,
                editable=False,
                size=None,
                verbose_name="consented to",
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="family",
            field=models.TextField(
                blank=True,
                db_default="",
                max_length=500,
                validators=[
                    jike.foundation.entering.valid_line,
                    django.core.validators.MaxLengthValidator(500),
                ],
                verbose_name="family",
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="hobbies",
            field=models.TextField(
                blank=True,
                db_default="",
                max_length=500,
                validators=[
                    jike.foundation.entering.valid_line,
                    django.core.validators.MaxLengthValidator(500),
                ],
                verbose_name="hobbies",
            ),
        ),
        migrations.AddField(
            model_name="keyperson",
            name="spouse",
            field=models.TextField(
                blank=True,
                db_default="",
                max_length=200,
                validators=[
                    jike.foundation.entering.valid_line,
                    django.core.validators.MaxLengthValidator(200),
                ],
                verbose_name="spouse",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["coverage_gaps"], name="customer_gaps"
            ),
        ),
        migrations.AddIndex(
            model_name="keyperson",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["birthday_key"], name="key_person_birthday"
            ),
        ),
        migrations.AddConstraint(
            model_name="keyperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("spouse", ""), ("consented__contains", ["spouse"]), _connector="OR"),
                name="key_person_consented_spouse",
                violation_error_message="The person has not consented to our keeping this.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("family", ""), ("consented__contains", ["family"]), _connector="OR"),
                name="key_person_consented_family",
                violation_error_message="The person has not consented to our keeping this.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("circle", ""), ("consented__contains", ["circle"]), _connector="OR"),
                name="key_person_consented_circle",
                violation_error_message="The person has not consented to our keeping this.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("hobbies", ""), ("consented__contains", ["hobbies"]), _connector="OR"),
                name="key_person_consented_hobbies",
                violation_error_message="The person has not consented to our keeping this.",
            ),
        ),
        migrations.AddField(
            model_name="careerentry",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_people",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="careerentry",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="career",
                to="customers.keyperson",
                verbose_name="key person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="customers.keyperson",
                verbose_name="key person",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="customerrelationship",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relationships",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="customerrelationship",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="relationships_of_others",
                to="customers.customer",
                verbose_name="other customer",
            ),
        ),
        migrations.AddField(
            model_name="memorialday",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memorial_days",
                to="customers.keyperson",
                verbose_name="key person",
            ),
        ),
        migrations.AddConstraint(
            model_name="careerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("customer__isnull", False), models.Q(("employer", ""), _negated=True), _connector="OR"
                ),
                name="career_names_an_employer",
                violation_error_message="Say where the person worked.",
            ),
        ),
        migrations.AddConstraint(
            model_name="careerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="career_ends_after_it_begins",
                violation_error_message="A position cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("topics", []), _negated=True),
                name="consent_to_something",
                violation_error_message="Choose what the person consented to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on", None), ("withdrawn_on__gte", models.F("given_on")), _connector="OR"
                ),
                name="consent_withdrawn_after_it_was_given",
                violation_error_message="A consent cannot be withdrawn before it was given.",
            ),
        ),
        migrations.AddIndex(
            model_name="customerrelationship",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["since", "id"], name="relationship_by_since"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerrelationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("customer", "other", "nature"),
                name="relationship_once",
                violation_error_message="This relationship is known already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerrelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", models.F("other")), _negated=True),
                name="relationship_to_another",
                violation_error_message="A customer has no relationship to itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerrelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("nature", "owns"), ("share_percent__gt", 0), ("share_percent__lte", 100)),
                    models.Q(models.Q(("nature", "owns"), _negated=True), ("share_percent", None)),
                    _connector="OR",
                ),
                name="relationship_share_of_what_is_owned",
                violation_error_message="Say which share is owned, more than 0 and at most 100 percent; only with “owns”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerrelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="relationship_ends_after_it_begins",
                violation_error_message="A relationship cannot end before it begins.",
            ),
        ),
        migrations.AddIndex(
            model_name="memorialday",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["day_key"], name="memorial_day_kept"
            ),
        ),
    ]
