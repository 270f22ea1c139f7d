"""How well each rung predicts, alone and across schools, with privacy and without: `benchmarks.quality`."""
