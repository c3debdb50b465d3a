"""Interactions with customers, mailboxes and their mails, and indexes by mail address and web domain."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import jike.foundation.entering
import jike.values.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_keys_of_birthdays"),
        ("organisation", "0002_fewer_indexes_of_people"),
        ("tasks", "0001_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be assigned"),
                            ("assigned", "Assigned"),
                            ("ignored", "Set aside"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "We did"), ("in", "The customer did")],
                        default="in",
                        max_length=3,
                        verbose_name="who wrote",
                    ),
                ),
                ("message_id", models.CharField(db_collation="C", editable=False, max_length=250)),
                ("thread", models.CharField(db_collation="C", editable=False, max_length=250)),
                (
                    "sender",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=254,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="from",
                    ),
                ),
                (
                    "sender_name",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="sender",
                    ),
                ),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="to",
                    ),
                ),
                (
                    "recipients_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="recipients"),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="subject",
                    ),
                ),
                (
                    "excerpt",
                    models.TextField(
                        blank=True,
                        editable=False,
                        max_length=600,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(600),
                        ],
                        verbose_name="begins",
                    ),
                ),
                (
                    "files_count",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="files"),
                ),
                ("sent_at", models.DateTimeField(editable=False, verbose_name="sent")),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "ordering": ("-sent_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
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
                    "name",
                    models.CharField(
                        max_length=60,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="name of the mailbox",
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "user",
                    models.CharField(
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="name at the server",
                    ),
                ),
                ("sealed_password", models.TextField(blank=True, editable=False)),
                (
                    "imap_host",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="IMAP server",
                    ),
                ),
                (
                    "imap_port",
                    models.PositiveIntegerField(
                        default=993,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                        verbose_name="IMAP port",
                    ),
                ),
                (
                    "imap_security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start"),
                            ("starttls", "STARTTLS"),
                            ("plain", "Not enciphered (within the house only)"),
                        ],
                        default="tls",
                        max_length=8,
                        verbose_name="IMAP security",
                    ),
                ),
                (
                    "folder",
                    models.CharField(
                        blank=True,
                        default="INBOX",
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="folder",
                    ),
                ),
                (
                    "smtp_host",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="SMTP server",
                    ),
                ),
                (
                    "smtp_port",
                    models.PositiveIntegerField(
                        default=465,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                        verbose_name="SMTP port",
                    ),
                ),
                (
                    "smtp_security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start"),
                            ("starttls", "STARTTLS"),
                            ("plain", "Not enciphered (within the house only)"),
                        ],
                        default="tls",
                        max_length=8,
                        verbose_name="SMTP security",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                ("uid_validity", models.PositiveBigIntegerField(editable=False, null=True)),
                ("last_uid", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "fetched_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last fetched"),
                ),
                (
                    "problem",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="problem"),
                ),
            ],
            options={
                "verbose_name": "mailbox",
                "verbose_name_plural": "mailboxes",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="PartyInteraction",
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
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("message", "Message"),
                            ("meeting", "Meeting"),
                            ("mail", "Mail"),
                        ],
                        default="call",
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "We did"), ("in", "The customer did")],
                        default="out",
                        max_length=3,
                        verbose_name="who began it",
                    ),
                ),
                (
                    "happened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when it was"),
                ),
                ("happened_on", models.DateField(blank=True, editable=False, null=True, verbose_name="day")),
                (
                    "length_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="minutes it took",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="subject",
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        max_length=20000,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(20000),
                        ],
                        verbose_name="what was said",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spoken", "Spoken to"),
                            ("interested", "Interested"),
                            ("settled", "Settled"),
                            ("refused", "Refused"),
                            ("unreached", "Not reached"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "needs",
                    models.TextField(
                        blank=True,
                        max_length=2000,
                        validators=[
                            jike.foundation.entering.valid_line,
                            django.core.validators.MaxLengthValidator(2000),
                        ],
                        verbose_name="needs found",
                    ),
                ),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=200,
                        verbose_name="key persons",
                    ),
                ),
                (
                    "colleagues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=200,
                        verbose_name="our people",
                    ),
                ),
                ("about_kind", models.CharField(blank=True, db_collation="C", editable=False, max_length=64)),
                ("about_uid", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "about_title",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="about"),
                ),
                (
                    "next_step",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[jike.foundation.entering.valid_line],
                        verbose_name="next step",
                    ),
                ),
                ("next_step_on", models.DateField(blank=True, null=True, verbose_name="next step on")),
            ],
            options={
                "verbose_name": "interaction",
                "verbose_name_plural": "interactions",
                "ordering": ("-happened_at", "-id"),
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                django.db.models.functions.text.Lower("domain"),
                condition=models.Q(("domain", ""), _negated=True),
                name="customer_by_domain",
            ),
        ),
        migrations.AddIndex(
            model_name="keyperson",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True), fields=["email"], name="key_person_by_mail"
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whose mail",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="unit",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mailboxes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whose mailbox",
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mailboxes",
                to="organisation.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="mailbox",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="customers.mailbox",
                verbose_name="mailbox",
            ),
        ),
        migrations.AddField(
            model_name="partyinteraction",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interactions",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="partyinteraction",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interactions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who spoke",
            ),
        ),
        migrations.AddField(
            model_name="partyinteraction",
            name="task",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interactions",
                to="tasks.task",
                verbose_name="task",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="interaction",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="customers.partyinteraction",
                verbose_name="interaction",
            ),
        ),
        migrations.AddIndex(
            model_name="mailbox",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["name", "id"], name="mailbox_by_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("address",),
                name="mailbox_address_once",
                violation_error_message="There is a mailbox with this address already.",
            ),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["happened_at", "id"],
                name="interaction_by_time",
            ),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["happened_on", "id"],
                name="interaction_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(fields=["customer", "happened_at"], name="interaction_of_customer"),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(fields=["owner", "happened_on", "id"], name="interaction_of_owner"),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(
                condition=models.Q(("about_uid__isnull", False)),
                fields=["about_uid", "happened_at"],
                name="interaction_about",
            ),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["next_step_on", "id"],
                name="interaction_by_step",
            ),
        ),
        migrations.AddIndex(
            model_name="partyinteraction",
            index=django.contrib.postgres.indexes.GinIndex(fields=["people"], name="interaction_people"),
        ),
        migrations.AddConstraint(
            model_name="partyinteraction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("about_kind", ""), ("about_uid", None)),
                    models.Q(models.Q(("about_kind", ""), _negated=True), ("about_uid__isnull", False)),
                    _connector="OR",
                ),
                name="interaction_about_one_record",
                violation_error_message="An interaction names what it concerns by kind and uid.",
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["sent_at", "id"], name="mail_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["state", "sent_at", "id"], name="mail_in_state"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["owner", "state", "sent_at"], name="mail_of_owner"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["thread", "sent_at"], name="mail_thread"),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["message_id"], name="mail_message"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "message_id"),
                name="mail_once",
                nulls_distinct=False,
                violation_error_message="This mail is here already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interaction__isnull", False), ("state", "assigned")),
                    models.Q(models.Q(("state", "assigned"), _negated=True), ("interaction", None)),
                    _connector="OR",
                ),
                name="mail_assigned_became_an_interaction",
                violation_error_message="An assigned mail became an interaction.",
            ),
        ),
    ]
