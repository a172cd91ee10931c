"""The metrics of ours that alarms and the dashboard refer to: all of them, and nowhere else.

The functions must emit each one as CloudWatch's embedded metric format, in this namespace and with
exactly one dimension, the table's name (the variable BATON_TABLE): an alarm sees a metric only
under the dimensions it names.
"""

NAMESPACE = "Baton"
DIMENSION = "Table"

EMITTED = {
    "SweepHeartbeat": "1 at the end of each sweep that could read what is due",
    "OldestUndeliveredSeconds": "each sweep: age of the oldest undelivered message, 0 without one",
    "UnconfirmedSubscriptions": "once a day: channels on the roster that are not confirmed",
}
