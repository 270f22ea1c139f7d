"""Attacks on what leaves a school, each with the defence off and on: `python -m benchmarks.attack`."""
