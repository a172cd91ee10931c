"""Runs a function as Lambda would, without Lambda.

Lambda starts a process, gives it an environment, and waits to be asked: the process fetches each
invocation from the Runtime API and posts its answer there. Whatever speaks that API can be run, in
any language. What it prints, how long it took and how much memory it needed are kept.

Not the same as on Lambda: the process is never frozen between invocations, and has as much of the
machine as it wants whatever its memory is said to be.
"""

from .endpoint import Reply
from .function import Ended, Function, Line

__all__ = ["Ended", "Function", "Line", "Reply"]
