"""The coordinator; never sees a student."""
