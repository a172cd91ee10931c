"""The metrics of ours: those that alarms hang on, and those that are only looked at.

The functions emit each one as CloudWatch's embedded metric format, in this namespace and under one
dimension, the table's name (the variable BATON_TABLE), some under a second one as well: an alarm or
a graph sees a metric only under the dimensions it names. shared/docs/observability.md says what
each one means.
"""

NAMESPACE = "Baton"
DIMENSION = "Table"

ALARMED = {"SweepHeartbeat", "OldestUndeliveredSeconds", "SetAside", "UnconfirmedSubscriptions"}

SEEN = {
    "Activities",
    "Duplicates",
    "IdsReused",
    "Mqls",
    "ActivityToAlertSeconds",
    "AssignmentToAcceptanceSeconds",
    "Escalations",
    "Returns",
    "AlertsWithdrawn",
    "SweepLagSeconds",
}

EMITTED = ALARMED | SEEN

# What a metric is also kept under, beside the table.
SPLIT = {"Mqls": ("Path", {"score", "fast_track", "manual"})}
