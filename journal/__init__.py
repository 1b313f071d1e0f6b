"""The record and what follows from it: records, ledger, verdicts, views."""
