"""Proves what can be proved of template.yaml without an AWS account.

Transform first, as AWS would, then lint, then hold the result to the code and to everything that
emulators ignore; last, plant faults and see that each is caught. Nothing here calls AWS.
"""
