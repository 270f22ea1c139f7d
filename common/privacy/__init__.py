"""The kernel that an auditor reads: unit, clipping, sampling, noise, accounting, ledger."""
