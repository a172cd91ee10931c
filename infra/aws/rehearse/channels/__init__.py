"""Rehearses people's channels: `baton roster` and the daily check of `sla`, against moto's SNS.

The programs are the real ones, in their debug build; SNS and DynamoDB are moto's, over the wire.
What moto leaves out of SNS, and a roster's people live by, is added in `sns`. Stories tell what
has to happen; each has an account of its own.
"""
