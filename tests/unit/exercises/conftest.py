"""What the tests of the exercises share: the page's own functions, run without a page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lessons_lib.explorables.base import STATIC

MODULES = ("answers", "exercise", "order")


@pytest.fixture(scope="session")
def in_javascript():
    """Give a function that returns what an expression of the page's MODULES, and of `argument`, gives in Deno."""

    def in_javascript(expression, argument):
        code = "".join(f"import * as {name} from {json.dumps((STATIC / f'{name}.js').as_uri())};" for name in MODULES)
        code += f"const argument = {json.dumps(argument)}; console.log(JSON.stringify({expression}))"
        deno = Path(sys.executable).with_name("deno")
        command = [str(deno), "run", "--quiet", "--no-config", "--no-remote", "-"]
        done = subprocess.run(command, input=code, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return in_javascript
