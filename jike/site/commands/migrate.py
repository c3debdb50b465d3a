"""`jike migrate`: schema and static files brought up to date, as the role that owns them."""

import click

__all__ = ["migrate"]


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Name each migration.")
def migrate(verbose: bool) -> None:
    """Bring the database and the collected static files up to date."""
    from jike.site import config
    from jike.site.commands.process import load_django
    from jike.site.commands.static_files import collect
    from jike.site.postgres import open_database
    from jike.site.postgres.verification import verify

    settings = config.load()
    database = open_database(settings)
    verify(database)
    load_django("owner")
    from jike.site import migrating

    migrating.migrate(database.app["user"], verbosity=1 if verbose else 0)
    bring_roles_up_to_date()
    collect(settings)


def bring_roles_up_to_date() -> None:
    """Give the ready-made roles what new capabilities grant them; cells changed by hand stay as they are."""
    from jike.apps.organisation.actions import install_ready_made_roles
    from jike.apps.organisation.models import Role
    from jike.foundation.scope import system_actor

    if Role.objects.exists():
        install_ready_made_roles(actor=system_actor("migrate"))
