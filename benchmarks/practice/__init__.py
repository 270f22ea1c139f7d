"""Practice policies and detectors on simulated students, who are no children."""
