"""What must hold of the transformed template. Each check says what is wrong, a line each.

A check is a function of a [`World`] whose docstring is its promise; `ALL` runs them in order.
"""

from . import alarms, functions, grants, hops, http, kept, options, pages, table

ALL = [
    check
    for module in (table, functions, hops, http, grants, kept, alarms, options, pages)
    for check in module.CHECKS
]


def name(check) -> str:
    """What a check is called: `table.is_recoverable`."""
    return f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
