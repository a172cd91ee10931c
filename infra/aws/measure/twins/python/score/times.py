"""Times: milliseconds since 1970 inside, RFC 3339 outside."""

import re
import time
from datetime import datetime, timedelta, timezone

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def now_ms():
    return time.time_ns() // 1_000_000


def ms(text):
    """Raises ValueError where the text is no RFC 3339 time with its offset."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError
    return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND


def rfc3339(at_ms):
    moment = _EPOCH + at_ms * _MILLISECOND
    fraction = "milliseconds" if at_ms % 1000 else "seconds"
    return moment.isoformat(timespec=fraction).removesuffix("+00:00") + "Z"


def day_of(at_ms):
    return (_EPOCH + at_ms * _MILLISECOND).date().isoformat()
