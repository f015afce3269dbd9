"""What several folders of tests share: the JavaScript of the figures without a browser, and interrupts that arrive."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lessons_lib.explorables.base import STATIC

CALL = Path(__file__).parent / "javascript" / "call.js"


@pytest.fixture(scope="session")
def js() -> Iterator[Callable[..., Any]]:
    """Give a function that calls what a module of the figures exports, without a browser: `js("ops", "dense", …)`."""
    command = [
        str(Path(sys.executable).with_name("deno")),
        "run",
        "--quiet",
        f"--allow-read={STATIC},{CALL.parent}",
        str(CALL),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def call(module: str, name: str, *arguments: Any) -> Any:
            process.stdin.write(json.dumps([module, name, arguments]) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return answer.get("result")

        yield call
        process.stdin.close()


@pytest.fixture(autouse=True, scope="session")
def interrupts_arrive() -> Iterator[None]:
    """Let SIGINT interrupt Python: a shell that starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
