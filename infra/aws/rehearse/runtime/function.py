"""A function's process: started, invoked, measured, stopped."""

import json
import queue
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from .endpoint import Endpoint, Invocation, Reply

# What Lambda gives every function, besides what tells it who it is.
COMMON = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_LEVEL": "INFO",
    "AWS_REGION": "eu-central-1",
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TZ": ":UTC",
}
# X-Ray's id of a request that nobody traces.
UNTRACED = "Root=1-00000000-000000000000000000000000;Sampled=0"
# How long a process has to end once it is asked to.
STOP_WITHIN_S = 2


@dataclass(frozen=True)
class Line:
    """A line that a function printed, which Lambda would have put into its log."""

    stream: str
    text: str


class Ended(Exception):
    """The function ended, or took too long, instead of answering. Says what it printed last."""


class Function:
    """A function under the Runtime API, as a context: it runs inside of it.

    `command` starts the runtime. `environment` is added to what Lambda gives every function, and
    nothing of this process's own environment is. `now_ms` is the time that deadlines are told by, for a function that is shown another one.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str] | None = None,
        *,
        memory_mb: int = 256,
        timeout_s: float = 30,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ):
        self.name, self.command, self.timeout_s = name, [str(part) for part in command], timeout_s
        self.lines: list[Line] = []
        self._now_ms = now_ms
        self._environment = {
            **COMMON,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb),
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "rehearsal",
            "LAMBDA_TASK_ROOT": str(Path.cwd()),
            "_HANDLER": "bootstrap",
            **(environment or {}),
        }
        self._started_ns = 0
        self._peak_kib = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the process; what is invoked meanwhile waits for it, as a first request does."""
        self._endpoint = Endpoint()
        environment = {**self._environment, "AWS_LAMBDA_RUNTIME_API": self._endpoint.address}
        self._started_ns = time.monotonic_ns()
        self._process = subprocess.Popen(
            self.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(stream, pipe), daemon=True)
            for stream, pipe in (("stdout", self._process.stdout), ("stderr", self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def invoke(self, payload: Any, trace: str = UNTRACED) -> Reply:
        """Hands over a payload, bytes as they are and anything else as JSON; gives the reply.

        An answer and a failure that the function reports are both replies; `Ended` is raised where
        there is none."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        invocation = Invocation(body, {
            "Lambda-Runtime-Deadline-Ms": str(self._now_ms() + int(self.timeout_s * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn":
                f"arn:aws:lambda:eu-central-1:123456789012:function:{self.name}",
            "Lambda-Runtime-Trace-Id": trace,
        })
        self._endpoint.hand_over(invocation)
        try:
            reply = invocation.reply.get(timeout=self.timeout_s)
        except queue.Empty:
            raise Ended(f"{self.name} did not answer in {self.timeout_s} s: {self._last_words()}")
        if reply is None:
            raise Ended(f"{self.name} ended without an answer: {self._last_words()}")
        return reply

    def stop(self) -> None:
        """Stops the process; what it printed is complete then."""
        self._measure()
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join()
        self._endpoint.close()

    @property
    def started_in_ms(self) -> float:
        """From starting the process to its first question for work: what Lambda calls init."""
        return self._since_start(self._endpoint.first_asked_ns)

    @property
    def first_answer_in_ms(self) -> float:
        """From starting the process to its first answer; invoke it at once after `start`."""
        return self._since_start(self._endpoint.first_answered_ns)

    @property
    def peak_kib(self) -> int:
        """The most memory it ever had, resident, in KiB; of the process, not of its children."""
        self._measure()
        return self._peak_kib

    @property
    def init_error(self) -> Any:
        """What it said of why it could not start, or nothing."""
        error = self._endpoint.init_error
        return None if error is None else json.loads(error)

    def _since_start(self, moment_ns: int | None) -> float:
        if moment_ns is None:
            raise Ended(f"{self.name} never got so far: {self._last_words()}")
        return (moment_ns - self._started_ns) / 1e6

    def _measure(self) -> None:
        # Not wait4's ru_maxrss: it begins at the size of whoever forked, which is this process.
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return
        found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
        self._peak_kib = max(self._peak_kib, int(found[1]) if found else 0)

    def _read(self, stream: str, pipe: IO[bytes]) -> None:
        for line in pipe:
            self.lines.append(Line(stream, line.decode(errors="replace").rstrip("\n")))

    def _watch(self) -> None:
        self._process.wait()
        self._endpoint.give_up()

    def _last_words(self) -> str:
        if self._endpoint.init_error is not None:
            return self._endpoint.init_error.decode(errors="replace")
        return " / ".join(line.text for line in self.lines[-3:]) or "it printed nothing"
