"""Make .venv and install the pinned packages into it; do nothing if they are installed already.

    python tools/setup.py requirements.txt        installs what a learner needs
    python tools/setup.py requirements-dev.txt    also installs the tools of a developer

The command `uv sync --frozen` would do the same, but a new machine has no uv, and `make book` and `make test` must
work there with nothing but Python. So this file uses the standard library only, and pip installs the pinned packages
with their hashes. Known obstacles (an old Python, a machine without TensorFlow, a full disk) are checked first. The
file also runs on a Python that is too old for the course, and then says so.
"""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RECORD = VENV / "installed.json"
PYTHONS = ((3, 11), (3, 12), (3, 13))
# The packages of a developer include those of a learner.
INCLUDED = {
    "requirements.txt": ["requirements.txt"],
    "requirements-dev.txt": ["requirements.txt", "requirements-dev.txt"],
}
NEEDED_GB = 4
TENSORFLOW_MACHINES = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Windows", "AMD64")}


class SetupError(Exception):
    """A problem that the user can solve: the message says how."""


def digest(name: str) -> str:
    """Return a hash of everything that requires a new installation of the file `name` when it changes."""
    content = (ROOT / name).read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content + str(sys.version_info[:2]).encode()).hexdigest()


def installed() -> "dict[str, str]":
    """Return the digest of each file of pins that is installed, by the name of the file."""
    try:
        record: dict[str, str] = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record


def check_machine() -> None:
    """Raise if the pinned packages cannot be installed with this Python, on this machine or on this disk."""
    if sys.version_info[:2] not in PYTHONS:
        raise SetupError(
            "The course needs Python 3.11, 3.12 or 3.13. "
            f"Received: Python {platform.python_version()} ({sys.executable}).\n"
            "Install one of them, or name it: make PYTHON=/path/to/python3.12 book"
        )
    machine = (platform.system(), platform.machine())
    if machine not in TENSORFLOW_MACHINES:
        raise SetupError(
            f"TensorFlow 2.21 has no package for this machine: {' '.join(machine)}.\n"
            "Open the course in Binder instead: see README.md."
        )
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(f"Installing needs {NEEDED_GB} GB of disk space. Received: {free:.1f} GB free.")


def run(*command: "str | Path") -> int:
    """Run a command and return its exit status."""
    return subprocess.call([str(part) for part in command], cwd=str(ROOT))


def make_venv() -> None:
    """Make a new virtual environment unless there is one that works with this Python."""
    python = venv_program("python")
    version = ".".join(map(str, sys.version_info[:2]))
    probe = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if python.exists() and subprocess.call([str(python), "-c", probe], stderr=subprocess.DEVNULL) == 0:
        return
    print(f"Making .venv with Python {version} ...", flush=True)
    if run(sys.executable, "-m", "venv", "--clear", VENV):
        raise SetupError(
            "Python could not make .venv: the lines above say why. On Debian and Ubuntu its venv module is a package "
            f"of its own: apt-get install python{version}-venv"
        )


def venv_program(name: str) -> Path:
    """Return the path of a program inside .venv."""
    return VENV / "Scripts" / (name + ".exe") if platform.system() == "Windows" else VENV / "bin" / name


def install(pins: str) -> None:
    """Install the pinned packages and the package itself; raise with advice if pip fails."""
    print(f"Installing {pins}: a few minutes the first time ...", flush=True)
    pip: list[str | Path] = [venv_program("python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    if run(*pip, "--require-hashes", "-r", pins) or run(*pip, "--no-build-isolation", "--no-deps", "-e", "."):
        raise SetupError(
            "pip could not install the pins: its lines above say why. Without a network there is nothing to install "
            f"from; with a full disk there is no room ({NEEDED_GB} GB are needed). Run the same command again "
            "afterwards: it continues from here."
        )
    # Otherwise JupyterLab asks whether it may fetch news from a server.
    run(
        venv_program("jupyter"),
        "labextension",
        "disable",
        "--level=sys_prefix",
        "@jupyterlab/apputils-extension:announcements",
    )


def main(pins: str) -> int:
    """Bring .venv up to date with one list of pins; return the exit status."""
    if pins not in INCLUDED:
        print(f"setup.py takes {' or '.join(INCLUDED)}. Received: {pins}", file=sys.stderr)
        return 2
    wanted = {name: digest(name) for name in INCLUDED[pins]}
    if all(installed().get(name) == value for name, value in wanted.items()):
        return 0
    try:
        check_machine()
        make_venv()
        RECORD.unlink(missing_ok=True)
        install(pins)
        RECORD.write_text(json.dumps(wanted), encoding="utf-8")
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe setup failed: {error}. Solve this problem and run the same command again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else "nothing"))
