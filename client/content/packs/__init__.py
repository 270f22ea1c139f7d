"""Generator packs: pure functions from a seed to an item."""
