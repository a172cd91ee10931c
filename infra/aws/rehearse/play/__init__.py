"""Plays the whole hand-off by the binaries that would be uploaded, against what the template makes.

moto stands in for AWS: DynamoDB, SNS, EventBridge, SQS and Secrets Manager over the wire, made from
the template by its CloudFormation. The same script is played by `baton serve`, on another store;
both must end alike. What the functions called on the way is held to what their roles grant, and
what they printed to what the alarms watch and to what nobody should read.
"""
