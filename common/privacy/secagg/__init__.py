"""Secure aggregation: schools' masked vectors open to their sum and to nothing else (docs/secagg.md)."""
