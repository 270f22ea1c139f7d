"""The figures of docs/numbers.md, written from the benchmarks' own reports: `python -m benchmarks.numbers`."""
