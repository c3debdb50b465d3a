"""`jike web`: the web server, granian with one process for each JIKE_WORKERS, under `jike serve` or on its own."""

import gc
import multiprocessing
import os
import socket
from typing import Any

import click

from jike.site.commands.refusals import CommandRefused
from jike.site.config import Config

__all__ = ["free_port", "require_port", "web", "worker_application"]

MOST_MEGABYTES = 300
GRACE_SECONDS = 10


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process does.")
def web(parent: int | None) -> None:
    """Run the web server alone (the database must be up to date)."""
    from jike.site import config
    from jike.site.commands.process import die_with_parent

    if parent:
        die_with_parent(parent)
    settings = config.load()
    port = settings.port or free_port(settings.host)
    os.environ["JIKE_PORT"] = str(port)
    require_port(settings.host, port)
    if settings.port == 0:
        click.echo(f"Jike answers at http://{settings.host}:{port}")
    run(settings, port)


def run(settings: Config, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from jike.site.commands.process import load_django

    load_django()
    from django.urls import get_resolver

    from jike.site import wsgi

    # Forked workers share what is loaded here (pages too, which Django loads at the first request);
    # without freezing the collector would touch and so copy all of it.
    assert wsgi.application
    assert get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    server = Server(
        "jike.site.commands.web:worker_application",
        address=settings.host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        blocking_threads=settings.threads,
        factory=True,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_max_rss=MOST_MEGABYTES,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
    )
    server.serve()


def worker_application() -> Any:
    """The application as one web process calls it: ends with its parent, believes trusted proxies only."""
    from jike.site import config, wsgi
    from jike.site.commands.process import die_with_parent

    parent = multiprocessing.parent_process()
    assert parent is not None
    die_with_parent(parent.pid or 0)
    proxies = config.load().trusted_proxies
    if not proxies:
        return wsgi.application
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    return wrap_wsgi_with_proxy_headers(wsgi.application, list(proxies))


def free_port(host: str) -> int:
    with socket.socket(family_of(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def require_port(host: str, port: int) -> None:
    """Refuse with a sentence when the address can't be listened on."""
    with socket.socket(family_of(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandRefused(
                f"Jike can't listen on {host}:{port} ({error.strerror}): stop the program that does (ss -ltnp shows "
                "it), or set JIKE_PORT to another number, or to 0 for any free one."
            ) from None


def family_of(host: str) -> socket.AddressFamily:
    try:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except socket.gaierror as error:
        raise CommandRefused(
            f"JIKE_HOST is {host}, which this machine does not know ({error.strerror})."
        ) from None
