"""A small disk of a test's own, and the ballast that fills it."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, Absent, scratch

_BLOCK = 4096
# Where the test stands that was started again with a small disk in its own view of the machine.
_GIVEN = "SMALL_DISK"


def _mount(folder: Path, megabytes: int) -> tuple[str, ...]:
    return ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder))


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk of so many megabytes: as root it is mounted, else `with_small_disk` did so before."""
    if given := os.environ.get(_GIVEN):
        yield Path(given)
        return
    with scratch() as folder:
        if subprocess.run(_mount(folder, megabytes), capture_output=True, check=False).returncode:
            raise Absent("een kleine schijf (tmpfs) mag hier niet")
        try:
            yield folder
        finally:
            subprocess.run(("umount", "--lazy", str(folder)), check=False)


def runs_elsewhere(test: str, megabytes: int) -> bool:
    """Without root: run this one test where mounting is allowed, as the same user; False when not needed.

    A user may mount in a view of the machine of his own; in there the same user is made again,
    because PostgreSQL does not run as root.
    """
    if os.getuid() == 0 or _GIVEN in os.environ:
        return False
    if shutil.which("unshare") is None:
        raise Absent("zonder root is unshare nodig")
    with scratch() as folder:
        again = ("unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}")
        mount = " ".join(_mount(folder, megabytes))
        inside = (
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            f'{mount} && exec "$@"',
            "sh",
        )
        probe = subprocess.run((*inside, *again, "true"), capture_output=True, check=False)
        if probe.returncode:
            raise Absent("zonder root mag hier geen kleine schijf (unshare lukt niet)")
        command = (*inside, *again, sys.executable, "-m", "pytest", "-p", "no:xdist", "-q", test)
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {_GIVEN: str(folder)}, check=False)
        assert done.returncode == 0, "the test failed in its own view of the machine; see above"
    return True


class Ballast:
    """A file that takes all the room there is."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "ballast"

    def fill(self, *, but: int = 0) -> None:
        """Take all room, but for so many blocks of 4 kB."""
        fd = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            while True:
                os.write(fd, b"\0" * _BLOCK)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        finally:
            os.close(fd)
        if but:
            os.truncate(self._file, max(0, self._file.stat().st_size - but * _BLOCK))

    def remove(self) -> None:
        self._file.unlink()
