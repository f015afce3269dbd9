"""Build the course as Binder does but without Docker, run a chapter there, and measure the memory.

    python tools/binder.py            runs the chapter on pooling, which takes the most memory
    python tools/binder.py relu       runs another chapter, which is named by its topic

The steps are those that repo2docker prints for this repository. The chapter runs through the REST and
websocket interface of a JupyterLab server, as a browser would run it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-binder"
LIMIT_GB = 1.5
STEP = re.compile(r"^RUN (?:\$\{KERNEL_PYTHON_PREFIX\}/bin/)?((?:pip|\./postBuild).*)$", re.MULTILINE)


def build_steps() -> list[str]:
    """Return the commands that repo2docker would run on this repository's own files."""
    program = str(Path(sys.executable).with_name("jupyter-repo2docker"))
    command = [program, "--no-build", "--debug", str(ROOT)]
    printed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    steps = STEP.findall(printed.stdout + printed.stderr)
    if not any("requirements.txt" in step for step in steps) or "./postBuild" not in steps:
        raise RuntimeError(f"repo2docker must install the pins and run postBuild. Received: {steps}")
    return steps


def build() -> dict[str, str]:
    """Make a clean environment by the steps of `build_steps`; return its environment variables."""
    name = (ROOT / "runtime.txt").read_text(encoding="utf-8").strip().replace("-", "")
    python = shutil.which(name)
    if python is None:
        raise RuntimeError(f"the Python of runtime.txt must be installed. Received: {name}")
    subprocess.run([python, "-m", "venv", "--clear", VENV], check=True)
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}", "LESSONS_LIB_PROGRESS": "0"}
    for step in build_steps():
        print(f"$ {step}", flush=True)
        subprocess.run(step, shell=True, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


def peak_gb(process: int) -> float:
    """Return the largest resident memory that a process has had, in GB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1e6  # type: ignore[index]


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    numbers = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    return [int(number) for number in numbers.split()]


class Server:
    """A JupyterLab server that runs in the clean environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.token = uuid.uuid4().hex
        options = [f"--ServerApp.port={self.address.split(':')[1]}", f"--IdentityProvider.token={self.token}"]
        command = [str(VENV / "bin/jupyter"), "lab", "--no-browser", "--allow-root", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)

    def request(self, path: str, content: dict[str, Any] | None = None) -> Any:
        """Send a REST request and return the decoded answer."""
        body = None if content is None else json.dumps(content).encode()
        request = Request(f"http://{self.address}/api/{path}", body, {"Authorization": f"token {self.token}"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def wait(self) -> None:
        """Return when the server answers."""
        for _ in range(120):
            try:
                self.request("status")
                return
            except OSError:
                time.sleep(0.5)
        raise RuntimeError("JupyterLab must answer within a minute. Received: nothing")

    async def run(self, path: str) -> int:
        """Run all code cells of a notebook as a browser would; return their number."""
        notebook = self.request(f"contents/{path}")["content"]
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.request("sessions", session)["kernel"]["id"]
        url = f"ws://{self.address}/api/kernels/{kernel}/channels?token={self.token}"
        channels = await websocket_connect(url)
        sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for source in sources:
            header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": kernel, "version": "5.3"}
            content = {"code": source, "silent": False, "store_history": True, "stop_on_error": False}
            request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
            await channels.write_message(json.dumps(request))
            while True:
                answer = json.loads(await channels.read_message() or "")
                if answer["msg_type"] == "execute_reply" and answer["parent_header"]["msg_id"] == header["msg_id"]:
                    break
        return len(sources)


def main(topic: str = "pooling") -> int:
    """Build the environment, run one chapter and print the peak memory; return the exit status."""
    chapter = next((ROOT / "book").glob(f"*_{topic}.ipynb"))
    server = Server(build())
    try:
        server.wait()
        start = time.perf_counter()
        cells = asyncio.run(server.run(f"book/{chapter.name}"))
        seconds = time.perf_counter() - start
        kernels = [peak_gb(child) for child in children(server.process.pid)]
        total = peak_gb(server.process.pid) + sum(kernels)
        print(f"{chapter.name}: {cells} cells in {seconds:.0f} s")
        print(f"peak memory of server and kernel: {total:.2f} GB (limit {LIMIT_GB} GB)")
    finally:
        server.process.terminate()
        server.process.wait()
    return 0 if kernels and total < LIMIT_GB else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
