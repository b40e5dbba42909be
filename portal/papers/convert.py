"""Has LibreOffice make a PDF of one office file, as a process with bounded memory and without network.

Run as a script with the program, the file and the folder to work in.
"""

import contextlib
import ctypes
import os
import resource
import sys

MB = 1024 * 1024
# LibreOffice asks for far more addresses than it uses.
MEMORY = 4096 * MB
CPU_SECONDS = 50
LARGEST_OUTPUT = 200 * MB
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

ENDINGS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
}


# Tagged, so that a screen reader finds the headings and lists of the file in the PDF too.
_TAGGED = ':{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


def target(path: str) -> str:
    """What LibreOffice is asked to make: a PDF by the program that the file belongs to."""
    program = "calc" if path.endswith(".xlsx") else "writer"
    return f"pdf:{program}_pdf_Export{_TAGGED}"


def leave_the_network() -> None:
    """A file that asks for something elsewhere gets nothing; where the kernel does not allow it, skip."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    program, path, folder = sys.argv[1:4]
    leave_the_network()
    bound()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [program, profile, "--headless", "--norestore", "--nolockcheck", "--convert-to", target(path)]
    os.execv(program, [*words, "--outdir", folder, path])  # noqa: S606 - no shell, on purpose
