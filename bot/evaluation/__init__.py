"""Scores datasets: what `zhanggui eval` and the benchmarks measure, with intervals, by language, against the last run (docs/evaluation.md)."""
