"""`jike serve`: database, web server and job worker as one thing that starts, recovers and stops together."""

import os
import socket

import click

from jike.site.config import Config

__all__ = ["serve"]


@click.command()
@click.option(
    "--migrate/--no-migrate", "migrating", default=True, help="Bring the database up to date first."
)
def serve(migrating: bool) -> None:
    """Migrate, then run web server and job worker together until Ctrl-C."""
    from jike.site import config
    from jike.site.commands.process import run_command
    from jike.site.commands.web import free_port, require_port
    from jike.site.postgres import open_database

    settings = config.load()
    port = settings.port or free_port(settings.host)
    require_port(settings.host, port)
    os.environ["JIKE_PORT"] = str(port)
    open_database(settings)
    if migrating and (code := run_command("migrate")):
        raise SystemExit(code)
    supervise(settings, port)


def supervise(settings: Config, port: int) -> None:
    from jike.site.commands.supervision import Supervisor
    from jike.site.postgres import open_database

    supervisor = Supervisor(["web", "worker"])
    announced = False

    def tick() -> None:
        nonlocal announced
        if settings.embedded:
            # Starts the server anew should somebody have killed it.
            open_database(settings)
        if not announced and answers(settings.host, port):
            announced = True
            address = settings.public_url or f"http://{settings.host}:{port}"
            click.echo(f"Jike answers at {address} — Ctrl-C stops it.")

    supervisor.run(tick)


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
