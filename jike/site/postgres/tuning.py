"""The embedded server's settings: fixed ones for safety, sized ones from this machine's memory and cores."""

import os
import shutil
from pathlib import Path

MEGABYTE = 1024 * 1024
CONNECTIONS = 200


def memory_megabytes() -> int:
    """What this process may use: the machine's memory, or the control group's limit when that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            words = Path(limit).read_text(encoding="ascii").split()
        except OSError:
            continue
        if words and words[0].isdigit():
            total = min(total, int(words[0]))
    return total // MEGABYTE


def shared_memory_megabytes() -> int:
    """The room of /dev/shm, which parallel queries need and containers often keep at 64 MB."""
    try:
        return shutil.disk_usage("/dev/shm").total // MEGABYTE  # noqa: S108 — measured, not written
    except OSError:
        return 0


def within(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def sized_settings(memory_mb: int, cores: int, shared_memory_mb: int) -> dict[str, str]:
    """Settings for a machine that also runs the web and job processes: a quarter of it at most is
    PostgreSQL's own.

    memory_mb and shared_memory_mb in MiB. Values carry PostgreSQL's units.
    """
    parallel = min(cores // 2, 4) if shared_memory_mb >= 256 else 0
    return {
        "shared_buffers": f"{within(64, memory_mb // 8, 4096)}MB",
        "effective_cache_size": f"{within(256, memory_mb // 2, 65536)}MB",
        "work_mem": f"{within(4, memory_mb // 512, 32)}MB",
        "maintenance_work_mem": f"{within(32, memory_mb // 32, 512)}MB",
        "max_wal_size": f"{within(256, memory_mb // 4, 4096)}MB",
        "max_parallel_workers_per_gather": str(parallel),
        "max_parallel_maintenance_workers": str(parallel),
    }


def fixed_settings(socket_folder: Path) -> dict[str, str]:
    """No network, only the private socket; nothing of a statement's data in the log."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": str(CONNECTIONS),
        "max_locks_per_transaction": "128",
        "jit": "off",
        "random_page_cost": "1.1",
        "checkpoint_timeout": "15min",
        # The package knows pglz alone: 170 µs a page to spare a quarter of an index's page (database-embedded.md).
        "wal_compression": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_checkpoints": "off",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_line_prefix": "%m [%p] ",
    }


def server_settings(socket_folder: Path) -> dict[str, str]:
    sized = sized_settings(memory_megabytes(), os.cpu_count() or 1, shared_memory_megabytes())
    return fixed_settings(socket_folder) | sized
