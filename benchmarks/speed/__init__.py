"""Speed and memory of training and inference beside what is usual, as ratios taken in turn in one run."""
